using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>Writes the entries of a model file.</summary>
internal sealed class RepositoryWriter : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    public RepositoryWriter(Stream stream) => _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);

    public string Combine(string? dir, string name) => string.IsNullOrEmpty(dir) ? name : $"{dir}/{name}";

    /// <summary>Writes an entry of one or more parts.</summary>
    public void Write(string path, params MemoryStream[] parts)
    {
        if (!_written.Add(path))
            throw new InvalidOperationException($"The entry '{path}' is written twice.");
        // Large entries are weights, which do not compress; stored, they also let the reader bound what it unpacks.
        var level = parts.Sum(p => p.Length) > RepositoryReader.LargestCompressed ? CompressionLevel.NoCompression : CompressionLevel.Fastest;
        using var stream = _archive.CreateEntry(path, level).Open();
        foreach (var part in parts)
            part.WriteTo(stream);
    }

    public void Dispose() => _archive.Dispose();
}
