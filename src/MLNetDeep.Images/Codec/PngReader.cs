using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNetDeep.Images.Codec;

/// <summary>
/// Reads PNG files: every colour type, bit depth, filter and interlace of the standard, to eight bits a channel. What a file
/// announces is believed only as far as its own size bears it out, so that a damaged or hostile one is an
/// <see cref="InvalidDataException"/> before it costs time or memory.
/// </summary>
internal static class PngReader
{
    /// <summary>Most pixels of a picture.</summary>
    public const int MostPixels = 1 << 26;

    /// <summary>Most bytes of a file.</summary>
    public const int MostBytes = 1 << 29;

    // Deflate cannot make more than this of a byte.
    private const long MostInflation = 1032;

    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private enum ColorType
    {
        Gray = 0,
        Rgb = 2,
        Palette = 3,
        GrayAlpha = 4,
        Rgba = 6,
    }

    /// <exception cref="InvalidDataException">It is not a PNG file, or damaged, or too large; the message says which.</exception>
    public static RgbaPixels Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using MemoryStream bytes = new();
        byte[] block = new byte[1 << 14];
        for (int read; (read = stream.Read(block)) > 0;)
        {
            if (bytes.Length + read > MostBytes)
                throw new InvalidDataException($"the file is larger than {MostBytes >> 20} MiB");
            bytes.Write(block, 0, read);
        }

        return Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <exception cref="InvalidDataException">It is not a PNG file, or damaged, or too large; the message says which.</exception>
    public static RgbaPixels Read(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            throw new InvalidDataException("the file is empty");
        if (ImageSignature.Format(file) is var format && format != "PNG")
            throw new InvalidDataException(format is null ? "it does not begin as a PNG file" : $"it is a {format} file, not a PNG");
        Header? header = null;
        byte[]? palette = null;
        byte[]? transparency = null;
        using MemoryStream data = new();
        bool inData = false, ended = false;
        for (int at = 8; !ended;)
        {
            ReadOnlySpan<byte> body = Chunk(file, ref at, out uint type);
            if (header is null && type != Type("IHDR"u8))
                throw new InvalidDataException("its first chunk is not the header");
            if (type != Type("IDAT"u8))
                inData = false;
            if (type == Type("IHDR"u8))
            {
                header = header is null ? new(body) : throw new InvalidDataException("it has two headers");
            }
            else if (type == Type("PLTE"u8))
            {
                if (palette is not null || data.Length > 0 || body.IsEmpty || body.Length % 3 != 0 || body.Length > 768)
                    throw new InvalidDataException("its palette is damaged");
                palette = body.ToArray();
            }
            else if (type == Type("tRNS"u8))
            {
                if (transparency is not null || data.Length > 0 || body.Length != header!.TransparencyLength(body.Length, palette))
                    throw new InvalidDataException("its transparency is damaged");
                transparency = body.ToArray();
            }
            else if (type == Type("IDAT"u8))
            {
                if (data.Length > 0 && !inData)
                    throw new InvalidDataException("its pixel data is not in one piece");
                inData = true;
                data.Write(body);
            }
            else if (type == Type("IEND"u8))
            {
                ended = true;
            }
            else if ((type & 0x20000000) == 0)
            {
                throw new InvalidDataException("it has a chunk of a kind that is unknown but needed");
            }
        }

        if (data.Length == 0)
            throw new InvalidDataException("it has no pixel data");
        if (header!.Color == ColorType.Palette && palette is null)
            throw new InvalidDataException("it has no palette");
        return Decode(header, palette, transparency, data);
    }

    private static uint Type(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);

    private static ReadOnlySpan<byte> Chunk(ReadOnlySpan<byte> file, ref int at, out uint type)
    {
        if (file.Length - at < 12)
            throw new InvalidDataException("it ends too early");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        if (length > file.Length - at - 12)
            throw new InvalidDataException("it ends too early");
        ReadOnlySpan<byte> typed = file.Slice(at + 4, (int)length + 4);
        if (PngChecksum.Of(typed) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
            throw new InvalidDataException("a checksum is wrong");
        at += 12 + (int)length;
        type = Type(typed);
        return typed[4..];
    }

    private static RgbaPixels Decode(Header header, byte[]? palette, byte[]? transparency, MemoryStream data)
    {
        long needed = 0;
        IEnumerable<(int X, int Y, int StepX, int StepY)> passes = header.Interlaced ? Passes : [(0, 0, 1, 1)];
        foreach ((int x, int y, int stepX, int stepY) in passes)
        {
            int width = Steps(header.Width, x, stepX);
            needed += width == 0 ? 0 : (header.RowBytes(width) + 1) * Steps(header.Height, y, stepY);
        }

        if (needed > data.Length * MostInflation)
            throw new InvalidDataException("it ends too early");
        data.Position = 0;
        using ZLibStream inflated = new(data, CompressionMode.Decompress);
        RgbaPixels pixels = new(header.Width, header.Height, new byte[header.Width * header.Height * 4]);
        Unpacker unpacker = new(header, palette, transparency);
        foreach ((int x, int y, int stepX, int stepY) in passes)
        {
            int width = Steps(header.Width, x, stepX);
            if (width == 0)
                continue;
            int rowBytes = (int)header.RowBytes(width);
            byte[] row = new byte[rowBytes + 1], above = new byte[rowBytes + 1];
            for (int line = y; line < header.Height; line += stepY)
            {
                if (Inflate(inflated, row) < row.Length)
                    throw new InvalidDataException("its pixel data ends too early");
                Unfilter(row[0], row.AsSpan(1), above.AsSpan(1), header.PixelBytes);
                Span<byte> target = pixels.Bytes.AsSpan(line * header.Width * 4, header.Width * 4);
                for (int i = 0; i < width; i++)
                    unpacker.Unpack(row.AsSpan(1), i, target.Slice((x + i * stepX) * 4, 4));
                (row, above) = (above, row);
            }
        }

        // Looking past the end has the checksum of the data compared.
        if (Inflate(inflated, new byte[1]) > 0)
            throw new InvalidDataException("it has more pixel data than its size calls for");
        return pixels;
    }

    private static int Inflate(ZLibStream inflated, Span<byte> target)
    {
        try
        {
            return inflated.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException("its pixel data is damaged", e);
        }
    }

    private static int Steps(int size, int start, int step) => size <= start ? 0 : (size - start + step - 1) / step;

    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int pixel)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = pixel; i < row.Length; i++)
                    row[i] += row[i - pixel];
                break;
            case 2:
                for (int i = 0; i < row.Length; i++)
                    row[i] += above[i];
                break;
            case 3:
                for (int i = 0; i < row.Length; i++)
                    row[i] += (byte)(((i < pixel ? 0 : row[i - pixel]) + above[i]) >> 1);
                break;
            case 4:
                for (int i = 0; i < row.Length; i++)
                    row[i] += i < pixel ? above[i] : PngFilter.Paeth(row[i - pixel], above[i], above[i - pixel]);
                break;
            default:
                throw new InvalidDataException($"it has a row of the unknown filter {filter}");
        }
    }

    private sealed class Header
    {
        public Header(ReadOnlySpan<byte> body)
        {
            if (body.Length != 13)
                throw new InvalidDataException("its header is damaged");
            uint width = BinaryPrimitives.ReadUInt32BigEndian(body), height = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
            if (width == 0 || height == 0)
                throw new InvalidDataException($"its size is {width}x{height}");
            if ((ulong)width * height > MostPixels)
                throw new InvalidDataException($"its size is {width}x{height}; the most is {MostPixels >> 20} million pixels");
            Width = (int)width;
            Height = (int)height;
            Depth = body[8];
            Color = (ColorType)body[9];
            bool fits = Color switch
            {
                ColorType.Gray => Depth is 1 or 2 or 4 or 8 or 16,
                ColorType.Palette => Depth is 1 or 2 or 4 or 8,
                ColorType.Rgb or ColorType.GrayAlpha or ColorType.Rgba => Depth is 8 or 16,
                _ => false,
            };
            if (!fits)
                throw new InvalidDataException($"it has the colour type {body[9]} with {Depth} bits, which PNG does not have");
            if (body[10] != 0 || body[11] != 0 || body[12] > 1)
                throw new InvalidDataException("it is compressed, filtered or interlaced in an unknown way");
            Interlaced = body[12] == 1;
        }

        public int Width { get; }

        public int Height { get; }

        public int Depth { get; }

        public ColorType Color { get; }

        public bool Interlaced { get; }

        /// <summary>Bytes of a pixel, at least one: how far back the filters look.</summary>
        public int PixelBytes => Math.Max(1, Channels * Depth / 8);

        private int Channels => Color switch
        {
            ColorType.Rgb => 3,
            ColorType.GrayAlpha => 2,
            ColorType.Rgba => 4,
            _ => 1,
        };

        public long RowBytes(int width) => ((long)width * Channels * Depth + 7) / 8;

        /// <summary>The length that a transparency chunk has to have.</summary>
        public int TransparencyLength(int given, byte[]? palette) => Color switch
        {
            ColorType.Gray => 2,
            ColorType.Rgb => 6,
            ColorType.Palette when palette is not null => Math.Clamp(given, 1, palette.Length / 3),
            _ => -1,
        };
    }

    /// <summary>Makes four bytes of a pixel of any format.</summary>
    private sealed class Unpacker(Header header, byte[]? palette, byte[]? transparency)
    {
        private readonly int _most = (1 << header.Depth) - 1;

        public void Unpack(ReadOnlySpan<byte> row, int pixel, Span<byte> target)
        {
            int r, g, b, a = _most;
            switch (header.Color)
            {
                case ColorType.Palette:
                    int index = Sample(row, pixel);
                    if (index * 3 >= palette!.Length)
                        throw new InvalidDataException($"it has a pixel of colour {index}, but a palette of {palette.Length / 3}");
                    palette.AsSpan(index * 3, 3).CopyTo(target);
                    target[3] = transparency is not null && index < transparency.Length ? transparency[index] : byte.MaxValue;
                    return;
                case ColorType.Gray:
                    r = g = b = Sample(row, pixel);
                    if (transparency is not null && r == Transparent(0))
                        a = 0;
                    break;
                case ColorType.GrayAlpha:
                    r = g = b = Sample(row, pixel * 2);
                    a = Sample(row, pixel * 2 + 1);
                    break;
                case ColorType.Rgb:
                    (r, g, b) = (Sample(row, pixel * 3), Sample(row, pixel * 3 + 1), Sample(row, pixel * 3 + 2));
                    if (transparency is not null && r == Transparent(0) && g == Transparent(1) && b == Transparent(2))
                        a = 0;
                    break;
                default:
                    (r, g, b, a) = (Sample(row, pixel * 4), Sample(row, pixel * 4 + 1), Sample(row, pixel * 4 + 2), Sample(row, pixel * 4 + 3));
                    break;
            }

            target[0] = Scale(r);
            target[1] = Scale(g);
            target[2] = Scale(b);
            target[3] = Scale(a);
        }

        private int Transparent(int channel) => BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(channel * 2));

        private int Sample(ReadOnlySpan<byte> row, int index)
        {
            if (header.Depth == 8)
                return row[index];
            if (header.Depth == 16)
                return BinaryPrimitives.ReadUInt16BigEndian(row[(index * 2)..]);
            int bit = index * header.Depth;
            return (row[bit >> 3] >> (8 - header.Depth - (bit & 7))) & _most;
        }

        private byte Scale(int value) => header.Depth == 8 ? (byte)value : (byte)((value * 255 + (_most >> 1)) / _most);
    }
}
