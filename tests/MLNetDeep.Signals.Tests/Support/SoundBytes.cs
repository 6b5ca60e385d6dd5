using System.Buffers.Binary;
using System.Text;

namespace MLNetDeep.Signals.Tests.Support;

/// <summary>Sound files as other programs write them, byte by byte.</summary>
internal static class SoundBytes
{
    public static byte[] Wav(byte[] samples, int tag, int channels, int rate, int bits, bool extensible = false, uint? dataSize = null)
    {
        int block = channels * bits / 8;
        byte[] format = [.. Le16(extensible ? 0xFFFE : tag), .. Le16(channels), .. Le32((uint)rate), .. Le32((uint)(rate * block)), .. Le16(block), .. Le16(bits)];
        if (extensible)
            format = [.. format, .. Le16(22), .. Le16(bits), .. Le32(0), .. Le16(tag), 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

        // A chunk of odd length before the samples, as programs leave notes.
        byte[] body = [.. "WAVE"u8, .. Chunk("LIST", "abc"u8.ToArray(), false), .. Chunk("fmt ", format, false), .. "data"u8, .. Le32(dataSize ?? (uint)samples.Length), .. samples];
        return [.. "RIFF"u8, .. Le32((uint)body.Length), .. body];
    }

    public static byte[] Aiff(byte[] samples, int channels, int rate, int bits, int frames, string? compression = null, bool samplesFirst = false)
    {
        byte[] common = [.. Be16(channels), .. Be32((uint)frames), .. Be16(bits), .. Extended(rate)];
        if (compression is not null)
            common = [.. common, .. Encoding.Latin1.GetBytes(compression), 0, 0];
        byte[] sound = Chunk("SSND", [0, 0, 0, 0, 0, 0, 0, 0, .. samples], true), description = Chunk("COMM", common, true);
        byte[] body = [.. compression is null ? "AIFF"u8 : "AIFC"u8, .. samplesFirst ? sound : description, .. samplesFirst ? description : sound];
        return [.. "FORM"u8, .. Be32((uint)body.Length), .. body];
    }

    public static byte[] Le16(int value) => [(byte)value, (byte)(value >> 8)];

    public static byte[] Be16(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Le32(uint value) => BitConverter.GetBytes(value);

    public static byte[] Be32(uint value) => [.. BitConverter.GetBytes(value).Reverse()];

    /// <summary>Integers of some bytes from numbers from -1 to 1.</summary>
    public static byte[] Integers(IEnumerable<double> values, int bytes, bool bigEndian) => [.. values.SelectMany(v =>
    {
        long number = (long)Math.Round(v * (1L << (8 * bytes - 1)));
        IEnumerable<byte> low = Enumerable.Range(0, bytes).Select(b => (byte)(number >> (8 * b)));
        return bigEndian ? low.Reverse() : low;
    })];

    private static byte[] Chunk(string name, byte[] content, bool bigEndian) =>
        [.. Encoding.Latin1.GetBytes(name), .. bigEndian ? Be32((uint)content.Length) : Le32((uint)content.Length), .. content, .. new byte[content.Length % 2]];

    // IEEE's 80 bits.
    private static byte[] Extended(int rate)
    {
        int exponent = (int)Math.Floor(Math.Log2(rate));
        byte[] bytes = new byte[10];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(16383 + exponent));
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(2), (ulong)rate << (63 - exponent));
        return bytes;
    }
}
