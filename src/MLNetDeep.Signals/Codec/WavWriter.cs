using System.Buffers.Binary;

namespace MLNetDeep.Signals.Codec;

/// <summary>Writes a sound of one channel as WAV.</summary>
internal static class WavWriter
{
    private const int HeaderBytes = 44;

    public static void Write(Stream stream, ReadOnlySpan<float> samples, int sampleRate, WavFormat format)
    {
        int bytes = format == WavFormat.Float32 ? sizeof(float) : sizeof(short);
        long size = (long)samples.Length * bytes;
        Span<byte> header = stackalloc byte[HeaderBytes];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], checked((uint)(size + HeaderBytes - 8)));
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], (ushort)(format == WavFormat.Float32 ? 3 : 1));
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], sampleRate * bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[32..], (ushort)bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[34..], (ushort)(8 * bytes));
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], (uint)size);
        stream.Write(header);

        Span<byte> buffer = stackalloc byte[4096];
        for (int at = 0; at < samples.Length;)
        {
            int count = Math.Min(buffer.Length / bytes, samples.Length - at);
            for (int i = 0; i < count; i++)
                Write(buffer[(i * bytes)..], samples[at + i], format);
            stream.Write(buffer[..(count * bytes)]);
            at += count;
        }
    }

    private static void Write(Span<byte> to, float sample, WavFormat format)
    {
        if (format == WavFormat.Float32)
            BinaryPrimitives.WriteSingleLittleEndian(to, sample);
        else
            BinaryPrimitives.WriteInt16LittleEndian(to, (short)Math.Clamp(Math.Round(sample * 32768.0), short.MinValue, short.MaxValue));
    }
}
