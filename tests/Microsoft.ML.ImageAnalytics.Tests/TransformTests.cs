using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator;
using static Microsoft.ML.Transforms.Image.ImageResizingEstimator;

namespace Microsoft.ML.ImageAnalytics.Tests;

public class TransformTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Pixels_come_in_planes_by_default()
    {
        var data = Sized(TestImages.Of(2, 1, 1, 2, 3, 4, 5, 6, 7, 8));
        var pixels = _ml.Transforms.ExtractPixels("Pixels", "Image").Fit(data).Transform(data);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3, 1, 2), pixels.Schema["Pixels"].Type);
        Assert.Equal([1, 5, 2, 6, 3, 7], pixels.GetColumn<float[]>("Pixels").Single());
    }

    [Theory]
    [InlineData(ColorBits.Rgb, ColorsOrder.ARGB, new float[] { 1, 2, 3, 5, 6, 7 })]
    [InlineData(ColorBits.Rgb, ColorsOrder.ABGR, new float[] { 3, 2, 1, 7, 6, 5 })]
    [InlineData(ColorBits.All, ColorsOrder.ARGB, new float[] { 4, 1, 2, 3, 8, 5, 6, 7 })]
    [InlineData(ColorBits.All, ColorsOrder.AGBR, new float[] { 4, 2, 3, 1, 8, 6, 7, 5 })]
    [InlineData(ColorBits.All, ColorsOrder.ARBG, new float[] { 4, 1, 3, 2, 8, 5, 7, 6 })]
    [InlineData(ColorBits.All, ColorsOrder.ABRG, new float[] { 4, 3, 1, 2, 8, 7, 5, 6 })]
    [InlineData(ColorBits.All, ColorsOrder.AGRB, new float[] { 4, 2, 1, 3, 8, 6, 5, 7 })]
    [InlineData(ColorBits.Green, ColorsOrder.ARGB, new float[] { 2, 6 })]
    [InlineData(ColorBits.Red | ColorBits.Alpha, ColorsOrder.ABGR, new float[] { 4, 1, 8, 5 })]
    public void Pixels_come_in_the_order_asked_for(ColorBits colors, ColorsOrder order, float[] expected)
    {
        foreach (var format in new[] { MLPixelFormat.Rgba32, MLPixelFormat.Bgra32 })
        {
            byte[] bytes = format == MLPixelFormat.Rgba32 ? [1, 2, 3, 4, 5, 6, 7, 8] : [3, 2, 1, 4, 7, 6, 5, 8];
            var data = Sized(MLImage.CreateFromPixels(2, 1, format, bytes));
            var pixels = _ml.Transforms.ExtractPixels("Image", colorsToExtract: colors, orderOfExtraction: order, interleavePixelColors: true).Fit(data).Transform(data);
            Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 1, 2, expected.Length / 2), pixels.Schema["Image"].Type);
            Assert.Equal(expected, pixels.GetColumn<float[]>("Image").Single());
        }
    }

    [Fact]
    public void Pixels_are_offset_then_scaled_unless_they_are_bytes()
    {
        var data = Sized(TestImages.Red(2, 1, 10, 30));
        var floats = _ml.Transforms.ExtractPixels("P", "Image", ColorBits.Red, offsetImage: 10, scaleImage: 0.5f).Fit(data).Transform(data);
        Assert.Equal([0, 10], floats.GetColumn<float[]>("P").Single());
        var bytes = _ml.Transforms.ExtractPixels("P", "Image", ColorBits.Red, offsetImage: 10, scaleImage: 0.5f, outputAsFloatArray: false).Fit(data).Transform(data);
        Assert.Equal([10, 30], bytes.GetColumn<byte[]>("P").Single());
    }

    [Fact]
    public void Pixels_of_images_of_unknown_size_are_an_error()
    {
        var data = TestImages.View(_ml, TestImages.Red(1, 1, 1));
        Assert.Contains("ResizeImages", Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.ExtractPixels("Image").Fit(data).Transform(data)).Message);
    }

    [Fact]
    public void Grey_images_weigh_the_colors()
    {
        var gray = TestImages.Images(_ml.Transforms.ConvertToGrayscale("Image"), TestImages.View(_ml, TestImages.Of(3, 1, 255, 0, 0, 9, 0, 255, 0, 255, 10, 20, 30, 40)))[0];
        Assert.Equal([76, 76, 76, 9, 150, 150, 150, 255, 18, 18, 18, 40], TestImages.Rgba(gray));
    }

    [Fact]
    public void Images_are_stretched_or_padded()
    {
        // Four wide and two high, to two by two.
        var data = TestImages.View(_ml, TestImages.Red(4, 2, 0, 20, 40, 60, 0, 20, 40, 60));
        var filled = TestImages.Images(_ml.Transforms.ResizeImages("Image", 2, 2, resizing: ResizingKind.Fill), data)[0];
        var reds = TestImages.Reds(filled);
        Assert.True(reds[0] < 20 && reds[1] > 40 && reds[0] == reds[2] && reds[1] == reds[3]);

        // Eight by eight: four rows of the image in the middle, two empty ones above and below.
        var padded = TestImages.Images(_ml.Transforms.ResizeImages("Image", 8, 8, resizing: ResizingKind.IsoPad), data)[0];
        var alphas = TestImages.Rgba(padded).Where((_, i) => i % 4 == 3).Chunk(8).Select(row => row.Distinct().Single());
        Assert.Equal([0, 0, 255, 255, 255, 255, 0, 0], alphas);
    }

    [Theory]
    [InlineData(Anchor.Left, 0)]
    [InlineData(Anchor.Center, 1)]
    [InlineData(Anchor.Right, 2)]
    public void The_anchor_is_the_side_that_is_kept(Anchor anchor, int first)
    {
        byte[] levels = [0, 50, 100, 150];
        var wide = TestImages.Red(4, 2, [.. levels, .. levels]);
        var tall = TestImages.Red(2, 4, [.. levels.SelectMany(l => new[] { l, l })]);
        var upright = anchor switch { Anchor.Left => Anchor.Top, Anchor.Right => Anchor.Bottom, _ => anchor };
        Assert.Equal([levels[first], levels[first + 1], levels[first], levels[first + 1]],
            TestImages.Reds(TestImages.Images(_ml.Transforms.ResizeImages("Image", 2, 2, cropAnchor: anchor), TestImages.View(_ml, wide))[0]));
        Assert.Equal([levels[first], levels[first], levels[first + 1], levels[first + 1]],
            TestImages.Reds(TestImages.Images(_ml.Transforms.ResizeImages("Image", 2, 2, cropAnchor: upright), TestImages.View(_ml, tall))[0]));
    }

    [Fact]
    public void Flat_images_stay_flat_and_long_thin_ones_cost_little()
    {
        var data = TestImages.View(_ml, TestImages.Red(5, 3, [.. Enumerable.Repeat((byte)77, 15)]), TestImages.Red(1, 40_000, [.. Enumerable.Repeat((byte)77, 40_000)]));
        foreach (var kind in Enum.GetValues<ResizingKind>())
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var image in TestImages.Images(_ml.Transforms.ResizeImages("Image", 31, 17, resizing: kind), data))
                Assert.All(TestImages.Rgba(image).Chunk(4).Where(p => p[3] == 255).Select(p => p[0]), red => Assert.Equal(77, red));
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 20_000_000);
        }
    }

    [Fact]
    public void Files_are_loaded_as_images_or_bytes()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            TestImages.Red(2, 1, 5, 6).Save(Path.Combine(folder.FullName, "a.png"));
            File.WriteAllBytes(Path.Combine(folder.FullName, "empty.png"), []);
            var data = _ml.Data.LoadFromEnumerable(new[] { new Named { Path = "a.png" } });
            var image = TestImages.Images(_ml.Transforms.LoadImages("Image", folder.FullName, "Path"), data).Single();
            Assert.Equal([5, 6], TestImages.Reds(image));
            var raw = _ml.Transforms.LoadRawImageBytes("Raw", folder.FullName, "Path").Fit(data).Transform(data);
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder.FullName, "a.png")), raw.GetColumn<byte[]>("Raw").Single());
            foreach (var bad in new[] { "empty.png", "missing.png" })
            {
                var broken = _ml.Data.LoadFromEnumerable(new[] { new Named { Path = bad } });
                Assert.Contains(bad, Assert.ThrowsAny<Exception>(() => TestImages.Images(_ml.Transforms.LoadImages("Image", folder.FullName, "Path"), broken)).Message);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Schemas_are_as_promised_and_models_are_saved()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Named { Path = "a.png" } });
        IEstimator<ITransformer> estimator = _ml.Transforms.LoadImages("Image", "folder", "Path")
            .Append(_ml.Transforms.ConvertToGrayscale("Gray", "Image"))
            .Append(_ml.Transforms.ResizeImages("Small", 4, 3, "Gray", ResizingKind.Fill, Anchor.Top))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Small", ColorBits.Red, ColorsOrder.ABGR, true, 2, 3, false));
        var model = estimator.Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var loaded = new MLContext().Model.Load(stream, out var _);
        foreach (var schema in new[] { model.GetOutputSchema(data.Schema), loaded.GetOutputSchema(data.Schema) })
        {
            Assert.Equal(new ImageDataViewType(), schema["Image"].Type);
            Assert.Equal(new ImageDataViewType(), schema["Gray"].Type);
            Assert.Equal(new ImageDataViewType(3, 4), schema["Small"].Type);
            Assert.Equal(new VectorDataViewType(NumberDataViewType.Byte, 3, 4, 1), schema["Pixels"].Type);
        }
        Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.ResizeImages("Path", 2, 2).Fit(data));
        Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.ResizeImages("Image", 0, 2));
    }

    // A column of images whose type says their size.
    private IDataView Sized(MLImage image)
    {
        var data = TestImages.View(_ml, image);
        return _ml.Transforms.ResizeImages("Image", image.Width, image.Height, resizing: ResizingKind.Fill).Fit(data).Transform(data);
    }

    private sealed class Named
    {
        public string Path { get; set; } = "";
    }
}
