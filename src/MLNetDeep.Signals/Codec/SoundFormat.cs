namespace MLNetDeep.Signals.Codec;

/// <summary>How a sound's samples lie in a file.</summary>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="Channels">Samples at the same time, beside each other.</param>
/// <param name="Encoding">How a sample is written.</param>
/// <param name="Bytes">Bytes of a sample.</param>
/// <param name="BigEndian">Whether the highest byte comes first.</param>
internal sealed record SoundFormat(int SampleRate, int Channels, SampleEncoding Encoding, int Bytes, bool BigEndian)
{
    private const int MostChannels = 256;

    /// <summary>Bytes of the samples of one time.</summary>
    public int BlockBytes => Channels * Bytes;

    /// <exception cref="InvalidDataException">It cannot be.</exception>
    public static SoundFormat Create(double sampleRate, int channels, SampleEncoding encoding, int bits, bool bigEndian)
    {
        if (!(sampleRate is >= 1 and <= Waveform.MostHertz))
            throw new InvalidDataException(FormattableString.Invariant($"its sample rate is {sampleRate} Hz; expected 1 to {Waveform.MostHertz}."));
        if (channels is < 1 or > MostChannels)
            throw new InvalidDataException($"it has {channels} channels; expected 1 to {MostChannels}.");
        bool known = encoding == SampleEncoding.Float ? bits is 32 or 64 : encoding == SampleEncoding.Unsigned ? bits == 8 : bits is >= 1 and <= 32;
        return known
            ? new((int)Math.Round(sampleRate), channels, encoding, (bits + 7) / 8, bigEndian)
            : throw new InvalidDataException($"its samples are {(encoding == SampleEncoding.Float ? "floating point numbers" : "integers")} of {bits} bits; expected {(encoding == SampleEncoding.Float ? "32 or 64" : "1 to 32")}.");
    }
}
