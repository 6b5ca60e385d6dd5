using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>
/// Reads the entries of a model file. What the file says of itself is not believed: an entry is unpacked only as far as
/// its writer would have compressed it, and parts of parts only to a bounded depth.
/// </summary>
internal sealed class RepositoryReader : IDisposable
{
    /// <summary>The first bytes of every model entry.</summary>
    public const ulong Magic = 0x314E4954444E4C4D;

    /// <summary>Longer entries are stored, not compressed.</summary>
    public const int LargestCompressed = 16 << 20;

    private const int LargestDepth = 64;

    private readonly ZipArchive _archive;
    private readonly long _length;
    private int _depth;

    public RepositoryReader(Stream stream)
    {
        if (!stream.CanSeek)
        {
            var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.Position = 0;
            stream = copy;
        }
        _length = stream.Length;
        _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
    }

    public string Combine(string? dir, string name) => string.IsNullOrEmpty(dir) ? name : $"{dir}/{name}";

    public bool Contains(string path) => _archive.GetEntry(path) is not null;

    /// <summary>Goes one level of parts down, until disposed.</summary>
    public IDisposable Enter()
    {
        if (++_depth > LargestDepth)
            throw new FormatException($"Corrupt model: its parts are nested more than {LargestDepth} deep.");
        return new Level(this);
    }

    /// <summary>Reads an entry into memory.</summary>
    public Entry Open(string path)
    {
        var entry = _archive.GetEntry(path) ?? throw new InvalidOperationException($"Repository doesn't contain entry {path}");
        var limit = Math.Min(entry.Length, Math.Max(LargestCompressed, _length));
        using var source = entry.Open();
        var memory = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = source.Read(buffer)) > 0;)
        {
            if (memory.Length + read > limit)
                throw new FormatException($"Corrupt model: its entry '{path}' is longer than it can be.");
            memory.Write(buffer, 0, read);
        }
        if (memory.Length != entry.Length)
            throw new FormatException($"Corrupt model: its entry '{path}' ends too early.");
        memory.Position = 0;
        return new Entry(path, memory);
    }

    public void Dispose() => _archive.Dispose();

    internal sealed class Entry(string path, MemoryStream stream) : IDisposable
    {
        public string Path => path;

        public MemoryStream Stream => stream;

        public void Dispose() => stream.Dispose();
    }

    private sealed class Level(RepositoryReader owner) : IDisposable
    {
        public void Dispose() => owner._depth--;
    }
}
