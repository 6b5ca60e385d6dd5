using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Loads files.</summary>
public static class DataLoaderExtensions
{
    /// <summary>The table in files.</summary>
    public static IDataView Load(this IDataLoader<IMultiStreamSource> loader, params string[] path)
    {
        ArgumentNullException.ThrowIfNull(loader);
        return loader.Load(new MultiFileSource(path));
    }
}
