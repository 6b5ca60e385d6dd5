using System.Collections.Generic;
using Microsoft.ML.Runtime;
using MLNetDeep.Images;
using MLNetDeep.Interop;

namespace Microsoft.ML;

/// <summary>Loading of folders of images.</summary>
public static class ImageFolderCatalog
{
    /// <summary>
    /// A row for each image of a folder that has a sub-folder for each class, as ML.NET's image samples lay data out:
    /// <c>folder/cat/1.png</c>, <c>folder/dog/7.png</c>.
    /// </summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="recursive">Whether images in folders below a sub-folder belong to it too. Links to folders are not followed.</param>
    /// <param name="extensions">The extensions of image files, in upper or lower case. Default null: png, jpg, jpeg, bmp, gif, webp. Other files are left alone.</param>
    /// <param name="onBadImage">
    /// What is done about files that are empty or do not begin as an image does. That is all that can be told without decoding;
    /// see <c>FilterRowsByReadableImages</c> in MLNetDeep.Images for images that are damaged further on.
    /// </param>
    /// <param name="imagePathColumnName">Name of the column (text) of full paths.</param>
    /// <param name="labelColumnName">Name of the column (text) of sub-folders' names.</param>
    /// <returns>
    /// Rows in ordinal order of sub-folder and path, on every machine. Files are listed once, now; their content is not kept, but read by
    /// what comes after, such as <c>LoadImages</c>, row by row. Names that begin with a dot are left out.
    /// </returns>
    /// <exception cref="System.ArgumentException">The folder is missing, has no sub-folders or no images, or has images of one class only.</exception>
    /// <exception cref="System.IO.InvalidDataException">There are files that are not images, and <paramref name="onBadImage"/> is <see cref="OnBadImage.Error"/>; they are named.</exception>
    /// <example>
    /// <code>
    /// IDataView images = ml.Data.LoadImagesFromFolder("pets");
    /// var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(ml.Transforms.LoadImages("Image", null, "ImagePath"))
    ///     .Append(ml.Transforms.ResizeImages("Image", 64, 64))
    ///     .Append(ml.Transforms.ExtractPixels("Features", "Image", interleavePixelColors: true, scaleImage: 1f / 255));
    /// </code>
    /// </example>
    public static IDataView LoadImagesFromFolder(
        this DataOperationsCatalog catalog,
        string folder,
        bool recursive = false,
        IEnumerable<string>? extensions = null,
        OnBadImage onBadImage = OnBadImage.Error,
        string imagePathColumnName = "ImagePath",
        string labelColumnName = "Label")
    {
        System.ArgumentException.ThrowIfNullOrEmpty(folder);
        System.ArgumentException.ThrowIfNullOrEmpty(imagePathColumnName);
        System.ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        using IChannel channel = Internals.Environment(catalog).Register(nameof(LoadImagesFromFolder)).Start("Listing");
        return new ImageFolderView(new ImageFolder(folder, recursive, extensions).List(onBadImage, channel), imagePathColumnName, labelColumnName);
    }
}
