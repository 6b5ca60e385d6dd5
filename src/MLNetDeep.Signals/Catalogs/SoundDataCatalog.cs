using Microsoft.ML.Data;
using MLNetDeep.Interop;
using MLNetDeep.Rows;
using MLNetDeep.Signals;
using MLNetDeep.Signals.Transformers;

#pragma warning disable IDE0130 // Beside ML.NET's own operations, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Checks of sound files.</summary>
public static class SoundDataCatalog
{
    /// <summary>The rows whose sound files can be read; the others are left out, with a warning in the log that counts and names them. Put it before <c>LoadSounds</c>.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="input">The rows.</param>
    /// <param name="soundPathColumnName">Name of the column (text) of paths.</param>
    /// <param name="soundFolder">The folder that paths are in; null for whole paths.</param>
    /// <returns>A view that reads each file once, when its row is first come to, and remembers whether it could be.</returns>
    /// <exception cref="System.ArgumentException">There is no such column, or it is not text.</exception>
    public static IDataView FilterRowsByReadableSounds(this DataOperationsCatalog catalog, IDataView input, string soundPathColumnName, string? soundFolder = null)
    {
        System.ArgumentNullException.ThrowIfNull(input);
        DataViewSchema.Column column = ColumnRef.Find(input.Schema, soundPathColumnName, "sound path");
        SoundLoadingTransformer.CheckType(column.Name, column.Type);
        return new ReadableFilesView(Internals.Environment(catalog).Register(nameof(FilterRowsByReadableSounds)), input, column, "sound", Fault, skip: true);

        string? Fault(string path)
        {
            Waveform.Load(string.IsNullOrEmpty(soundFolder) ? path : System.IO.Path.Combine(soundFolder, path));
            return null;
        }
    }
}
