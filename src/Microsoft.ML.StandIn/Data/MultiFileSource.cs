namespace Microsoft.ML.Data;

/// <summary>Files that together make one source of data.</summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    /// <summary>Names the files.</summary>
    public MultiFileSource(params string[] paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = [.. paths];
    }

    /// <summary>How many files there are.</summary>
    public int Count => _paths.Length;

    /// <summary>A file's path.</summary>
    public string? GetPathOrNull(int index) => _paths[index];

    /// <summary>Opens a file.</summary>
    public Stream Open(int index) => File.OpenRead(_paths[index]);

    /// <summary>Opens a file as text.</summary>
    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));
}
