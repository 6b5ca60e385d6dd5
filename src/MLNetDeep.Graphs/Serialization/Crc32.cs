using System.Buffers.Binary;

namespace MLNetDeep.Serialization;

/// <summary>The checksum of zip and PNG (polynomial EDB88320), eight bytes at a time.</summary>
internal sealed class Crc32
{
    private static readonly uint[] Table = MakeTable();
    private uint _state = ~0U;

    /// <summary>The checksum of everything appended so far.</summary>
    public uint Value => ~_state;

    public void Append(ReadOnlySpan<byte> data)
    {
        uint crc = _state;
        uint[] table = Table;
        for (; data.Length >= 8; data = data[8..])
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc, high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = table[7 * 256 + (byte)low] ^ table[6 * 256 + (byte)(low >> 8)] ^ table[5 * 256 + (byte)(low >> 16)] ^ table[4 * 256 + (low >> 24)]
                ^ table[3 * 256 + (byte)high] ^ table[2 * 256 + (byte)(high >> 8)] ^ table[256 + (byte)(high >> 16)] ^ table[high >> 24];
        }

        foreach (byte b in data)
            crc = table[(byte)(crc ^ b)] ^ (crc >> 8);
        _state = crc;
    }

    // Table k gives what a byte does to the checksum k bytes further on.
    private static uint[] MakeTable()
    {
        uint[] table = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320U & (0U - (crc & 1)));
            table[i] = crc;
        }

        for (int i = 256; i < table.Length; i++)
            table[i] = table[(byte)table[i - 256]] ^ (table[i - 256] >> 8);
        return table;
    }
}
