using System.Buffers.Binary;
using System.IO.Compression;

namespace FashionMnist;

/// <summary>
/// A file of the IDX format, in which MNIST and its relatives come, gzip-compressed or not: an array of bytes of one to four dimensions.
/// </summary>
/// <remarks>
/// All numbers are big-endian. Two zero bytes; a byte for the type of the elements, 0x08 for bytes; a byte for the number of dimensions; the
/// size of each dimension in four bytes; then the elements, the last dimension running fastest.
/// </remarks>
internal sealed class IdxFile
{
    private const byte UnsignedByte = 0x08;
    private const int MostDimensions = 4;
    private const long MostElements = 1L << 30;

    private IdxFile(int[] dimensions, byte[] elements)
    {
        Dimensions = dimensions;
        Elements = elements;
    }

    public IReadOnlyList<int> Dimensions { get; }

    public byte[] Elements { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is not of that format, or is damaged; the message says what is wrong with it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IdxFile Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Read(file, path);
    }

    /// <summary>Reads a stream that can seek.</summary>
    /// <param name="stream">The file's content.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="InvalidDataException">It is not of that format, or is damaged.</exception>
    public static IdxFile Read(Stream stream, string name)
    {
        try
        {
            bool isCompressed = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
            stream.Position = 0;
            if (!isCompressed)
                return Parse(stream);
            using GZipStream content = new(stream, CompressionMode.Decompress, leaveOpen: true);
            return Parse(content);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{name}' is not an IDX file that can be read: {e.Message}", e);
        }
    }

    private static IdxFile Parse(Stream stream)
    {
        Span<byte> header = stackalloc byte[4];
        Fill(stream, header);
        if (header[0] != 0 || header[1] != 0)
            throw new InvalidDataException($"it begins with the bytes {header[0]:X2} {header[1]:X2}, expected 00 00.");
        if (header[2] != UnsignedByte)
            throw new InvalidDataException($"its elements have the type 0x{header[2]:X2}, expected 0x08 (bytes).");
        if (header[3] is 0 or > MostDimensions)
            throw new InvalidDataException($"it has {header[3]} dimensions, expected 1 to {MostDimensions}.");

        int[] dimensions = new int[header[3]];
        Span<byte> size = stackalloc byte[sizeof(int)];
        long length = 1;
        for (int i = 0; i < dimensions.Length; i++)
        {
            Fill(stream, size);
            dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(size);
            if (dimensions[i] < 1 || (length *= dimensions[i]) > MostElements)
                throw new InvalidDataException($"its dimensions are {string.Join(" x ", dimensions[..(i + 1)])}, expected at least 1 each and at most {MostElements} elements.");
        }

        return new(dimensions, ReadElements(stream, (int)length));
    }

    // The room grows with what is there: a header alone must not cost a gigabyte.
    private static byte[] ReadElements(Stream stream, int length)
    {
        byte[] elements = new byte[Math.Min(length, 1 << 16)];
        int held = 0;
        while (true)
        {
            int read = stream.ReadAtLeast(elements.AsSpan(held), elements.Length - held, throwOnEndOfStream: false);
            held += read;
            if (held < elements.Length)
                throw new InvalidDataException($"it ends after {held} of {length} elements.");
            if (held == length)
                break;
            Array.Resize(ref elements, (int)Math.Min(length, elements.Length * 2L));
        }

        if (stream.ReadByte() >= 0)
            throw new InvalidDataException($"there is more in it than the {length} elements that its dimensions say.");
        return elements;
    }

    private static void Fill(Stream stream, Span<byte> bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new InvalidDataException("it ends in the middle of its header.");
    }
}
