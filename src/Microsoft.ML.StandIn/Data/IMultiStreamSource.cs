namespace Microsoft.ML.Data;

/// <summary>Streams that together make one source of data.</summary>
public interface IMultiStreamSource
{
    /// <summary>How many streams there are.</summary>
    int Count { get; }

    /// <summary>A stream's path where it has one.</summary>
    string? GetPathOrNull(int index);

    /// <summary>Opens a stream.</summary>
    Stream Open(int index);

    /// <summary>Opens a stream as text.</summary>
    TextReader OpenTextReader(int index);
}
