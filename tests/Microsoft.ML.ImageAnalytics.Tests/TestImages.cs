using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ImageAnalytics.Tests;

/// <summary>Small images and what becomes of them.</summary>
internal static class TestImages
{
    /// <summary>An image of pixels given as red, green, blue, alpha.</summary>
    public static MLImage Of(int width, int height, params byte[] rgba) => MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, rgba);

    /// <summary>An image whose red is a level for each pixel.</summary>
    public static MLImage Red(int width, int height, params byte[] levels) => Of(width, height, [.. levels.SelectMany(l => new byte[] { l, 0, 0, 255 })]);

    /// <summary>A table of images of any size.</summary>
    public static IDataView View(MLContext ml, params MLImage?[] images) => ml.Data.LoadFromEnumerable(images.Select(i => new Row { Image = i }).ToList());

    /// <summary>The images that an estimator makes.</summary>
    public static MLImage[] Images(IEstimator<ITransformer> estimator, IDataView data, string column = "Image") => [.. estimator.Fit(data).Transform(data).GetColumn<MLImage>(column)];

    /// <summary>The pixels as red, green, blue, alpha.</summary>
    public static byte[] Rgba(MLImage image)
    {
        var pixels = image.Pixels.ToArray();
        for (var i = 0; image.PixelFormat == MLPixelFormat.Bgra32 && i < pixels.Length; i += 4)
            (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
        return pixels;
    }

    /// <summary>The red of each pixel.</summary>
    public static byte[] Reds(MLImage image) => [.. Rgba(image).Where((_, i) => i % 4 == 0)];

    public sealed class Row
    {
        [ImageType]
        public MLImage? Image { get; set; }
    }
}
