using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using MLNetDeep.Graphs;

namespace MLNetDeep.Serialization;

/// <summary>
/// A file of named texts (JSON) and named tensors: what a saved model and a checkpoint are made of.
/// </summary>
/// <remarks>
/// Layout, all numbers little-endian: the eight bytes <c>MLNDEEP</c> and 0; version (Int32, 1); number of entries (Int32); the entries; nothing more is read after them.
/// An entry: kind (byte: 1 text, 2 tensor); length of the name in bytes (Int32, at most 4,096) and the name in UTF-8;
/// for a tensor its rank (Int32, at most 32) and dimensions (Int32 each); length of the data in bytes (Int64) and the data: UTF-8 text, or single-precision numbers, row-major;
/// CRC-32 (as in zip) of all of the entry before it.
/// Reading takes memory as data arrive, never on the word of the file.
/// </remarks>
public sealed class TensorArchive
{
    private const int Version = 1;
    private const int MaxEntries = 1_000_000;
    private const int MaxNameLength = 4096;
    private const int MaxRank = 32;
    private const int ChunkLength = 1 << 20;
    private const byte TextKind = 1;
    private const byte TensorKind = 2;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int[] Dims, float[] Values)> _tensors = new(StringComparer.Ordinal);

    /// <summary>Names of the texts, in the order they were added.</summary>
    public IEnumerable<string> TextNames => _texts.Keys;

    /// <summary>Names of the tensors, in the order they were added.</summary>
    public IEnumerable<string> TensorNames => _tensors.Keys;

    private static ReadOnlySpan<byte> Magic => "MLNDEEP\0"u8;

    /// <summary>Adds a text.</summary>
    /// <exception cref="ArgumentException">There is one of that name, or the name is empty or too long.</exception>
    public void AddText(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        CheckName(name);
        if (!_texts.TryAdd(name, text))
            throw new ArgumentException($"There is a text called '{name}' already.", nameof(name));
    }

    /// <summary>Adds a tensor; its values are not copied.</summary>
    /// <exception cref="ArgumentException">There is one of that name, the name is empty or too long, or the values do not fill the shape.</exception>
    public void AddTensor(string name, ReadOnlySpan<int> dims, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        CheckName(name);
        if (Count(dims) is not { } count || count != values.Length || dims.Length > MaxRank)
            throw new ArgumentException($"Tensor '{name}': {values.Length} values do not fill ({string.Join(", ", dims.ToArray())}).", nameof(values));
        if (!_tensors.TryAdd(name, (dims.ToArray(), values)))
            throw new ArgumentException($"There is a tensor called '{name}' already.", nameof(name));
    }

    /// <summary>The text called <paramref name="name"/>.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public string Text(string name) => _texts.TryGetValue(name, out string? text) ? text : throw new InvalidDataException($"The file has no text '{name}'.");

    /// <summary>The values of the tensor called <paramref name="name"/>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="expected">The shape it must have; null for any.</param>
    /// <exception cref="InvalidDataException">There is none, or it has another shape.</exception>
    public float[] Tensor(string name, Shape? expected = null)
    {
        if (!_tensors.TryGetValue(name, out var tensor))
            throw new InvalidDataException($"The file has no tensor '{name}'.");
        if (expected is not null && !expected.Dims.SequenceEqual(tensor.Dims))
            throw new InvalidDataException($"Tensor '{name}' has shape ({string.Join(", ", tensor.Dims)}) in the file, expected {expected}.");
        return tensor.Values;
    }

    /// <summary>The dimensions of the tensor called <paramref name="name"/>.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public IReadOnlyList<int> Dims(string name) =>
        _tensors.TryGetValue(name, out var tensor) ? tensor.Dims : throw new InvalidDataException($"The file has no tensor '{name}'.");

    /// <summary>Writes the file.</summary>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(Magic);
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(number, Version);
        stream.Write(number);
        BinaryPrimitives.WriteInt32LittleEndian(number, _texts.Count + _tensors.Count);
        stream.Write(number);
        foreach ((string name, string text) in _texts)
            WriteEntry(stream, TextKind, name, null, Utf8.GetBytes(text));
        foreach ((string name, (int[] dims, float[] values)) in _tensors)
            WriteEntry(stream, TensorKind, name, dims, MemoryMarshal.AsBytes(InLittleEndian(values)));
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is not such a file, is of a later version, or is damaged; the message says where.</exception>
    public static TensorArchive Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Guard.Reading("model file", () =>
        {
            Crc32 crc = new();
            Span<byte> magic = stackalloc byte[Magic.Length];
            Fill(stream, magic, crc, "the file's beginning");
            if (!magic.SequenceEqual(Magic))
                throw new InvalidDataException("it does not begin as a model file does.");
            int version = Int32(stream, crc, "the version");
            if (version is < 1 or > Version)
                throw new InvalidDataException($"its version is {version}; this library reads versions up to {Version}.");
            int count = Int32(stream, crc, "the number of entries");
            if (count is < 0 or > MaxEntries)
                throw new InvalidDataException($"it claims {count} entries.");
            TensorArchive archive = new();
            for (int i = 0; i < count; i++)
                archive.ReadEntry(stream, i);
            return archive;
        });
    }

    private void ReadEntry(Stream stream, int index)
    {
        Crc32 crc = new();
        string where = $"entry {index}";
        Span<byte> kind = stackalloc byte[1];
        Fill(stream, kind, crc, where);
        if (kind[0] is not (TextKind or TensorKind))
            throw new InvalidDataException($"{where} is of the unknown kind {kind[0]}.");
        int nameLength = Int32(stream, crc, where);
        if (nameLength is < 1 or > MaxNameLength)
            throw new InvalidDataException($"{where} has a name of {nameLength} bytes.");
        byte[] nameBytes = new byte[nameLength];
        Fill(stream, nameBytes, crc, where);
        string name = Utf8.GetString(nameBytes);
        int[] dims = [];
        if (kind[0] == TensorKind)
        {
            int rank = Int32(stream, crc, where);
            if (rank is < 0 or > MaxRank)
                throw new InvalidDataException($"{where} has a rank of {rank}.");
            dims = new int[rank];
            for (int d = 0; d < rank; d++)
                dims[d] = Int32(stream, crc, where);
        }

        Span<byte> lengthBytes = stackalloc byte[sizeof(long)];
        Fill(stream, lengthBytes, crc, where);
        long length = BinaryPrimitives.ReadInt64LittleEndian(lengthBytes);
        if (length < 0 || length > Array.MaxLength || stream.CanSeek && length > stream.Length - stream.Position)
            throw new InvalidDataException($"{where} ('{name}') claims {length} bytes of data, more than the file has.");
        if (kind[0] == TextKind)
        {
            string text = Utf8.GetString(Data<byte>(stream, (int)length, crc, where));
            CheckCrc(stream, crc, name);
            AddText(name, text);
        }
        else
        {
            if (Count(dims) is not { } count || length != count * sizeof(float))
                throw new InvalidDataException($"{where} ('{name}') claims the shape ({string.Join(", ", dims)}) for {length} bytes.");
            float[] values = Data<float>(stream, (int)count, crc, where);
            CheckCrc(stream, crc, name);
            AddTensor(name, dims, InLittleEndian(values));
        }
    }

    private static void WriteEntry(Stream stream, byte kind, string name, int[]? dims, ReadOnlySpan<byte> data)
    {
        using MemoryStream header = new();
        using (BinaryWriter writer = new(header, Utf8, leaveOpen: true))
        {
            byte[] nameBytes = Utf8.GetBytes(name);
            writer.Write(kind);
            writer.Write(nameBytes.Length);
            writer.Write(nameBytes);
            if (dims is not null)
            {
                writer.Write(dims.Length);
                foreach (int dim in dims)
                    writer.Write(dim);
            }

            writer.Write((long)data.Length);
        }

        Crc32 crc = new();
        ReadOnlySpan<byte> head = header.GetBuffer().AsSpan(0, (int)header.Length);
        crc.Append(head);
        crc.Append(data);
        stream.Write(head);
        stream.Write(data);
        Span<byte> sum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(sum, crc.Value);
        stream.Write(sum);
    }

    // Grows with what has arrived: a short file that claims a long tensor costs what the file is long.
    private static T[] Data<T>(Stream stream, int count, Crc32 crc, string where)
        where T : unmanaged
    {
        int size = System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), done = 0;
        T[] data = new T[stream.CanSeek ? count : Math.Min(count, ChunkLength / size)];
        while (done < count)
        {
            if (done == data.Length)
                Array.Resize(ref data, (int)Math.Min(count, data.Length * 2L));
            Span<T> next = data.AsSpan(done, Math.Min(data.Length - done, ChunkLength / size));
            Fill(stream, MemoryMarshal.AsBytes(next), crc, where);
            done += next.Length;
        }

        return data;
    }

    private static void CheckCrc(Stream stream, Crc32 crc, string name)
    {
        uint expected = crc.Value;
        Span<byte> sum = stackalloc byte[sizeof(uint)];
        Fill(stream, sum, crc, name);
        if (BinaryPrimitives.ReadUInt32LittleEndian(sum) != expected)
            throw new InvalidDataException($"'{name}' is damaged: its checksum is wrong.");
    }

    private static int Int32(Stream stream, Crc32 crc, string where)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        Fill(stream, bytes, crc, where);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    private static void Fill(Stream stream, Span<byte> bytes, Crc32 crc, string where)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new InvalidDataException($"it ends in the middle of {where}.");
        crc.Append(bytes);
    }

    // The number of elements, or null where it is no shape.
    private static long? Count(ReadOnlySpan<int> dims)
    {
        long count = 1;
        foreach (int dim in dims)
        {
            if (dim < 0 || (count *= dim) > Array.MaxLength)
                return null;
        }

        return count;
    }

    private static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Utf8.GetByteCount(name) > MaxNameLength)
            throw new ArgumentException($"A name has more than {MaxNameLength} bytes.", nameof(name));
    }

    private static float[] InLittleEndian(float[] values)
    {
        if (BitConverter.IsLittleEndian)
            return values;
        float[] turned = new float[values.Length];
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(values.AsSpan()), MemoryMarshal.Cast<float, int>(turned.AsSpan()));
        return turned;
    }
}
