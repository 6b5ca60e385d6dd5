using System.Buffers.Binary;

namespace MLNetDeep.Signals.Codec;

/// <summary>Reads sounds, mixed down to one channel (the mean of all), into memory that it keeps for the next one.</summary>
internal sealed class SoundReader
{
    private const int BufferBytes = 1 << 16;

    private readonly byte[] _buffer = new byte[BufferBytes];

    /// <summary>Reads a sound.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="most">Samples to read at most, by the sample rate.</param>
    /// <param name="samples">Made longer where it is too short.</param>
    /// <returns>The sample rate and the number of samples read.</returns>
    /// <exception cref="InvalidDataException">It is not a sound that is known, damaged, or has more samples than an array can hold.</exception>
    public (int SampleRate, int Count) Read(Stream stream, Func<int, long> most, ref float[] samples)
    {
        (SoundFormat format, long there) = SoundHeader.Read(stream);
        long wanted = Math.Min(there, most(format.SampleRate));
        if (wanted > Waveform.MostSamples)
            throw new InvalidDataException($"it has {wanted} samples; at most {Waveform.MostSamples} are read.");
        if (samples.Length < wanted)
            samples = new float[wanted];
        int block = format.BlockBytes, blocks = _buffer.Length / block, done = 0;
        while (done < wanted)
        {
            int count = (int)Math.Min(blocks, wanted - done);
            Span<byte> bytes = _buffer.AsSpan(0, count * block);
            stream.ReadExactly(bytes);
            for (int i = 0; i < count; i++)
                samples[done + i] = Mix(bytes.Slice(i * block, block), format, done + i);
            done += count;
        }

        return (format.SampleRate, done);
    }

    private static float Mix(ReadOnlySpan<byte> bytes, SoundFormat format, int at)
    {
        double sum = 0;
        for (int c = 0; c < format.Channels; c++)
            sum += Sample(bytes.Slice(c * format.Bytes, format.Bytes), format);
        float mean = (float)(sum / format.Channels);
        return float.IsFinite(mean) ? mean : throw new InvalidDataException($"its sample {at + 1} is {mean}.");
    }

    private static double Sample(ReadOnlySpan<byte> bytes, SoundFormat format) => format.Encoding switch
    {
        SampleEncoding.Unsigned => (bytes[0] - 128) / 128.0,
        SampleEncoding.Float when bytes.Length == sizeof(float) => format.BigEndian ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes),
        SampleEncoding.Float => format.BigEndian ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        _ => Integer(bytes, format.BigEndian) / 2147483648.0,
    };

    // In the highest bytes of 32 bits, whatever the sample has: so all scale alike.
    private static int Integer(ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        uint value = 0;
        for (int i = 0; i < bytes.Length; i++)
            value |= (uint)bytes[bigEndian ? i : bytes.Length - 1 - i] << (24 - 8 * i);
        return (int)value;
    }
}
