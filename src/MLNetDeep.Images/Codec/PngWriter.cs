using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNetDeep.Images.Codec;

/// <summary>Writes PNG files of eight bits a channel.</summary>
internal static class PngWriter
{
    /// <param name="stream">Where to.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 grey, 2 grey and alpha, 3 red, green and blue, 4 these and alpha.</param>
    /// <param name="pixels">The channels of each pixel together, row by row from the top.</param>
    public static void Write(Stream stream, int width, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (width < 1 || height < 1 || channels is < 1 or > 4 || pixels.Length != (long)width * height * channels)
            throw new ArgumentException($"There are {pixels.Length} bytes for a picture of {width}x{height} with {channels} channel(s).", nameof(pixels));
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = channels switch { 1 => 0, 2 => 4, 3 => 2, _ => 6 };
        stream.Write([0x89, .. "PNG\r\n\x1a\n"u8]);
        WriteChunk(stream, "IHDR"u8, header);
        using MemoryStream data = new();
        using (ZLibStream deflated = new(data, CompressionLevel.Optimal, leaveOpen: true))
            WriteRows(deflated, width * channels, channels, pixels);
        WriteChunk(stream, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        WriteChunk(stream, "IEND"u8, []);
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        byte[] chunk = new byte[body.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        type.CopyTo(chunk.AsSpan(4));
        body.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(body.Length + 8), PngChecksum.Of(chunk.AsSpan(4, body.Length + 4)));
        stream.Write(chunk);
    }

    // Each row by the filter that leaves the smallest numbers, which is the rule of thumb that the standard gives.
    private static void WriteRows(Stream stream, int rowBytes, int pixel, ReadOnlySpan<byte> pixels)
    {
        byte[] row = new byte[rowBytes + 1], best = new byte[rowBytes + 1];
        byte[] first = new byte[rowBytes];
        ReadOnlySpan<byte> above = first;
        for (int at = 0; at < pixels.Length; at += rowBytes)
        {
            ReadOnlySpan<byte> present = pixels.Slice(at, rowBytes);
            long smallest = long.MaxValue;
            for (byte filter = 0; filter < 5; filter++)
            {
                row[0] = filter;
                Filter(filter, present, above, row.AsSpan(1), pixel);
                long sum = 0;
                for (int i = 1; i < row.Length; i++)
                    sum += Math.Abs((int)(sbyte)row[i]);
                if (sum >= smallest)
                    continue;
                smallest = sum;
                (row, best) = (best, row);
            }

            stream.Write(best);
            above = present;
        }
    }

    private static void Filter(byte filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> target, int pixel)
    {
        for (int i = 0; i < row.Length; i++)
        {
            byte left = i < pixel ? (byte)0 : row[i - pixel];
            byte leftAbove = i < pixel ? (byte)0 : above[i - pixel];
            target[i] = (byte)(row[i] - filter switch
            {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => (left + above[i]) >> 1,
                _ => PngFilter.Paeth(left, above[i], leftAbove),
            });
        }
    }
}
