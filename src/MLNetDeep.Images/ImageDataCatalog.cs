using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Images;
using MLNetDeep.Interop;
using MLNetDeep.Rows;

namespace Microsoft.ML;

/// <summary>Checks of image files.</summary>
public static class ImageDataCatalog
{
    /// <summary>
    /// The rows whose image files can be read. ML.NET's <c>LoadImages</c> cannot leave rows out: put this before it, as
    /// <c>LoadImagesFromFolder</c> looks no further than at the first bytes of files.
    /// </summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="input">The rows.</param>
    /// <param name="imagePathColumnName">Name of the column (text) of paths.</param>
    /// <param name="imageFolder">The folder that paths are in; null for whole paths.</param>
    /// <param name="onBadImage">Whether rows whose file is missing, empty or damaged are left out, with a warning in the log that counts and names them, or an error when they are come to.</param>
    /// <returns>
    /// A view that reads each file once, when its row is first come to, and remembers whether it could be; so the first reading of the rows
    /// takes the time of decoding all images once more.
    /// </returns>
    /// <exception cref="System.ArgumentException">There is no such column, or it is not text.</exception>
    public static IDataView FilterRowsByReadableImages(
        this DataOperationsCatalog catalog,
        IDataView input,
        string imagePathColumnName = "ImagePath",
        string? imageFolder = null,
        OnBadImage onBadImage = OnBadImage.Skip)
    {
        System.ArgumentNullException.ThrowIfNull(input);
        DataViewSchema.Column column = ColumnRef.Find(input.Schema, imagePathColumnName, "image path");
        if (column.Type is not TextDataViewType)
            throw new System.ArgumentException($"The image path column '{imagePathColumnName}' has type {column.Type}; paths are text.", nameof(imagePathColumnName));
        IHost host = Internals.Environment(catalog).Register(nameof(FilterRowsByReadableImages));
        return new ReadableFilesView(host, input, column, "image", Fault, onBadImage == OnBadImage.Skip);

        string? Fault(string path)
        {
            using MLImage? image = MLImage.CreateFromFile(string.IsNullOrEmpty(imageFolder) ? path : System.IO.Path.Combine(imageFolder, path));
            return image is null ? "it is not an image." : null;
        }
    }
}
