using System.Buffers.Binary;
using System.Numerics;

namespace MLNetDeep.Exporting.Events;

/// <summary>
/// TFRecord framing: the length in 8 bytes, its checksum in 4, the data, its checksum in 4, all little-endian; the checksum is CRC-32C (Castagnoli), masked, so that
/// checksums of data that contain checksums stay useful.
/// </summary>
internal static class RecordWriter
{
    private const uint MaskDelta = 0xa282ead8;

    public static void Write(Stream stream, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, (ulong)data.Length);
        stream.Write(number);
        WriteChecksum(stream, number);
        stream.Write(data);
        WriteChecksum(stream, data);
    }

    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint crc = ~0u;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (byte value in data)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    public static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + MaskDelta;

    private static void WriteChecksum(Stream stream, ReadOnlySpan<byte> data)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Mask(Crc32C(data)));
        stream.Write(bytes);
    }
}
