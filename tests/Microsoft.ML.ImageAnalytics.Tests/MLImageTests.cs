using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ImageAnalytics.Tests;

public class MLImageTests
{
    [Fact]
    public void Images_of_pixels_have_their_pixels()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6, 7, 8];
        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, pixels);
        Assert.Equal((2, 1, 32, MLPixelFormat.Bgra32), (image.Width, image.Height, image.BitsPerPixel, image.PixelFormat));
        pixels[0] = 99;
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], image.Pixels.ToArray());
        Assert.Throws<ArgumentException>(() => MLImage.CreateFromPixels(2, 2, MLPixelFormat.Bgra32, pixels));
        Assert.Throws<ArgumentException>(() => MLImage.CreateFromPixels(2, 1, MLPixelFormat.Unknown, pixels));
        Assert.Null(image.Tag);
        image.Tag = "x";
        Assert.Equal("x", image.Tag);
    }

    [Theory]
    [InlineData(MLPixelFormat.Bgra32)]
    [InlineData(MLPixelFormat.Rgba32)]
    public void What_is_saved_is_read(MLPixelFormat format)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "a.png");
            using var image = MLImage.CreateFromPixels(2, 1, format, [10, 20, 30, 255, 40, 50, 60, 255]);
            image.Save(path);
            using var read = MLImage.CreateFromFile(path);
            Assert.Equal(TestImages.Rgba(image), TestImages.Rgba(read));
            using var stream = File.OpenRead(path);
            using var streamed = MLImage.CreateFromStream(stream);
            Assert.Equal(TestImages.Rgba(image), TestImages.Rgba(streamed));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_is_no_image_is_said()
    {
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream())).Message);
        Assert.Contains("JPEG", Assert.Throws<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream([0xFF, 0xD8, 0xFF, 0xE0]))).Message);
        Assert.Throws<ArgumentException>(() => TestImages.Red(1, 1, 5).Save("x.jpg"));
        var disposed = TestImages.Red(1, 1, 5);
        disposed.Dispose();
        Assert.ThrowsAny<Exception>(() => disposed.Pixels.ToArray());
    }

    [Fact]
    public void Column_types_know_their_size()
    {
        Assert.Equal(new ImageDataViewType(3, 4), new ImageDataViewType(3, 4));
        Assert.NotEqual(new ImageDataViewType(3, 4), new ImageDataViewType(4, 3));
        Assert.NotEqual(new ImageDataViewType(3, 4), new ImageDataViewType());
        Assert.Equal(typeof(MLImage), new ImageDataViewType().RawType);
        var schema = new MLContext().Data.LoadFromEnumerable(Array.Empty<Sized>()).Schema;
        Assert.Equal(new ImageDataViewType(5, 7), schema["Image"].Type);
        Assert.Equal(new ImageDataViewType(), schema["Other"].Type);
    }

    private sealed class Sized
    {
        [ImageType(5, 7)]
        public MLImage? Image { get; set; }

        [ImageType]
        public MLImage? Other { get; set; }
    }
}
