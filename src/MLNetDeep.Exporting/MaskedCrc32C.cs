using System.Buffers.Binary;
using System.Numerics;

namespace MLNetDeep.Exporting;

/// <summary>The checksum of TensorFlow's files: CRC-32C, turned and shifted so that a checksum of data that holds checksums is no weaker.</summary>
internal static class MaskedCrc32C
{
    private const uint Delta = 0xA282EAD8;

    public static uint Of(ReadOnlySpan<byte> data, ReadOnlySpan<byte> more = default) => Mask(~Extend(Extend(uint.MaxValue, data), more));

    public static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + Delta;

    private static uint Extend(uint crc, ReadOnlySpan<byte> data)
    {
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (byte b in data)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
