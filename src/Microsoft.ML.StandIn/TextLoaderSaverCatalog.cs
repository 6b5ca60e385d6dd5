using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Loading text files.</summary>
public static class TextLoaderSaverCatalog
{
    /// <summary>A loader of given columns.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="separatorChar">What stands between fields.</param>
    /// <param name="hasHeader">Whether each file begins with a line of names.</param>
    /// <param name="dataSample">A source that tells names and numbers of fields.</param>
    /// <param name="allowQuoting">Whether fields may stand between quotes.</param>
    /// <param name="trimWhitespace">Whether white space at the end of lines is dropped.</param>
    /// <param name="allowSparse">Whether lines may hold sparse vectors.</param>
    public static TextLoader CreateTextLoader(this DataOperationsCatalog catalog, TextLoader.Column[] columns, char separatorChar = '\t',
        bool hasHeader = false, IMultiStreamSource? dataSample = null, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
        => new(catalog.GetEnvironment(), MakeOptions(columns, separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse), dataSample);

    /// <summary>A loader as options say.</summary>
    public static TextLoader CreateTextLoader(this DataOperationsCatalog catalog, TextLoader.Options options, IMultiStreamSource? dataSample = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(catalog.GetEnvironment(), options, dataSample);
    }

    /// <summary>A loader of the columns that a class declares by <see cref="LoadColumnAttribute"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="separatorChar">What stands between fields.</param>
    /// <param name="hasHeader">Whether each file begins with a line of names.</param>
    /// <param name="dataSample">A source that tells numbers of fields.</param>
    /// <param name="allowQuoting">Whether fields may stand between quotes.</param>
    /// <param name="trimWhitespace">Whether white space at the end of lines is dropped.</param>
    /// <param name="allowSparse">Whether lines may hold sparse vectors.</param>
    public static TextLoader CreateTextLoader<TInput>(this DataOperationsCatalog catalog, char separatorChar = '\t', bool hasHeader = false,
        IMultiStreamSource? dataSample = null, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
        => new(catalog.GetEnvironment(),
            MakeOptions(TextLoader.ColumnsOf(typeof(TInput)), separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse), dataSample);

    /// <summary>A loader of the columns that a class declares by <see cref="LoadColumnAttribute"/>, otherwise as options say.</summary>
    public static TextLoader CreateTextLoader<TInput>(this DataOperationsCatalog catalog, TextLoader.Options options, IMultiStreamSource? dataSample = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(catalog.GetEnvironment(), options.With(TextLoader.ColumnsOf(typeof(TInput))), dataSample);
    }

    /// <summary>The table of given columns in a file.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="separatorChar">What stands between fields.</param>
    /// <param name="hasHeader">Whether the file begins with a line of names.</param>
    /// <param name="allowQuoting">Whether fields may stand between quotes.</param>
    /// <param name="trimWhitespace">Whether white space at the end of lines is dropped.</param>
    /// <param name="allowSparse">Whether lines may hold sparse vectors.</param>
    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Column[] columns, char separatorChar = '\t',
        bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        CheckExists(path);
        return catalog.CreateTextLoader(columns, separatorChar, hasHeader, null, allowQuoting, trimWhitespace, allowSparse).Load(path);
    }

    /// <summary>The table of the columns that a class declares by <see cref="LoadColumnAttribute"/> in a file.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The file.</param>
    /// <param name="separatorChar">What stands between fields.</param>
    /// <param name="hasHeader">Whether the file begins with a line of names.</param>
    /// <param name="allowQuoting">Whether fields may stand between quotes.</param>
    /// <param name="trimWhitespace">Whether white space at the end of lines is dropped.</param>
    /// <param name="allowSparse">Whether lines may hold sparse vectors.</param>
    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, char separatorChar = '\t',
        bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        CheckExists(path);
        return catalog.CreateTextLoader<TInput>(separatorChar, hasHeader, null, allowQuoting, trimWhitespace, allowSparse).Load(path);
    }

    /// <summary>The table in a file, as options say; a header names the slots of vectors.</summary>
    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Options? options = null)
    {
        CheckExists(path);
        return catalog.CreateTextLoader(options ?? new(), new MultiFileSource(path)).Load(path);
    }

    /// <summary>The table of the columns that a class declares by <see cref="LoadColumnAttribute"/> in a file, otherwise as options say.</summary>
    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, TextLoader.Options options)
    {
        CheckExists(path);
        return catalog.CreateTextLoader<TInput>(options).Load(path);
    }

    private static void CheckExists(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new ArgumentOutOfRangeException(nameof(path), $"File or directory does not exist at path: {path}");
    }

    private static TextLoader.Options MakeOptions(TextLoader.Column[] columns, char separatorChar, bool hasHeader, bool allowQuoting,
        bool trimWhitespace, bool allowSparse)
        => new()
        {
            Columns = columns,
            Separators = [separatorChar],
            HasHeader = hasHeader,
            AllowQuoting = allowQuoting,
            TrimWhitespace = trimWhitespace,
            AllowSparse = allowSparse,
        };
}
