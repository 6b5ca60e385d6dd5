using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

/// <summary>The transforms of images.</summary>
public static class ImageEstimatorsCatalog
{
    /// <summary>Makes images grey.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of grey images.</param>
    /// <param name="inputColumnName">The column of images; null for the output's name.</param>
    public static ImageGrayscalingEstimator ConvertToGrayscale(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null)
        => new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName));

    /// <summary>Reads image files.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of images.</param>
    /// <param name="imageFolder">Where the files are; null where the column has whole paths.</param>
    /// <param name="inputColumnName">The column of paths; null for the output's name.</param>
    public static ImageLoadingEstimator LoadImages(this TransformsCatalog catalog, string outputColumnName, string? imageFolder, string? inputColumnName = null)
        => new(catalog.GetEnvironment(), imageFolder, asImage: true, ColumnPairs.Of(outputColumnName, inputColumnName));

    /// <summary>Reads files as they are.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of the files' bytes.</param>
    /// <param name="imageFolder">Where the files are; null where the column has whole paths.</param>
    /// <param name="inputColumnName">The column of paths; null for the output's name.</param>
    public static ImageLoadingEstimator LoadRawImageBytes(this TransformsCatalog catalog, string outputColumnName, string? imageFolder, string? inputColumnName = null)
        => new(catalog.GetEnvironment(), imageFolder, asImage: false, ColumnPairs.Of(outputColumnName, inputColumnName));

    /// <summary>Makes vectors of images' pixels.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of vectors.</param>
    /// <param name="inputColumnName">The column of images; null for the output's name.</param>
    /// <param name="colorsToExtract">Which channels.</param>
    /// <param name="orderOfExtraction">Their order.</param>
    /// <param name="interleavePixelColors">Whether the channels of a pixel are together; else each channel is together.</param>
    /// <param name="offsetImage">Is taken from each value.</param>
    /// <param name="scaleImage">Then multiplies it.</param>
    /// <param name="outputAsFloatArray">Single; else Byte, without offset and scale.</param>
    public static ImagePixelExtractingEstimator ExtractPixels(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null,
        ImagePixelExtractingEstimator.ColorBits colorsToExtract = ImagePixelExtractingEstimator.ColorBits.Rgb,
        ImagePixelExtractingEstimator.ColorsOrder orderOfExtraction = ImagePixelExtractingEstimator.ColorsOrder.ARGB,
        bool interleavePixelColors = false, float offsetImage = 0, float scaleImage = 1, bool outputAsFloatArray = true)
        => new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName),
            new(colorsToExtract, orderOfExtraction, interleavePixelColors, offsetImage, scaleImage, outputAsFloatArray));

    /// <summary>Makes images of one size.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column of images of that size.</param>
    /// <param name="imageWidth">Their width.</param>
    /// <param name="imageHeight">Their height.</param>
    /// <param name="inputColumnName">The column of images; null for the output's name.</param>
    /// <param name="resizing">What is done with images of other proportions.</param>
    /// <param name="cropAnchor">Which side is kept when an image is cropped.</param>
    public static ImageResizingEstimator ResizeImages(this TransformsCatalog catalog, string outputColumnName, int imageWidth, int imageHeight,
        string? inputColumnName = null, ImageResizingEstimator.ResizingKind resizing = ImageResizingEstimator.ResizingKind.IsoCrop,
        ImageResizingEstimator.Anchor cropAnchor = ImageResizingEstimator.Anchor.Center)
        => new(catalog.GetEnvironment(), ColumnPairs.Of(outputColumnName, inputColumnName), imageWidth, imageHeight, resizing, cropAnchor);
}
