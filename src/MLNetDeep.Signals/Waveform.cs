using MLNetDeep.Signals.Codec;

namespace MLNetDeep.Signals;

/// <summary>A signal of a fixed rate and one channel: a sound, a vibration. Read from WAV and AIFF files, written as WAV.</summary>
/// <example>
/// <code>Waveform.Load("drum.aiff").Resample(16000).SaveWav("drum.wav");</code>
/// </example>
public sealed class Waveform
{
    /// <summary>The highest sample rate, in Hz.</summary>
    internal const int MostHertz = 10_000_000;

    /// <summary>The most samples of a sound: 1 GiB of them.</summary>
    internal const int MostSamples = 1 << 28;

    private readonly float[] _samples;

    /// <summary>A signal.</summary>
    /// <param name="samples">Its samples, which are copied; sounds are from -1 to 1.</param>
    /// <param name="sampleRate">Samples a second: 1 to 10,000,000.</param>
    /// <exception cref="ArgumentException">There are no samples, or one is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of range.</exception>
    public Waveform(ReadOnlySpan<float> samples, int sampleRate)
        : this(samples.ToArray(), sampleRate)
    {
        if (samples.IsEmpty)
            throw new ArgumentException("A signal needs at least one sample.", nameof(samples));
        for (int i = 0; i < samples.Length; i++)
        {
            if (!float.IsFinite(samples[i]))
                throw new ArgumentException($"Sample {i + 1} of {samples.Length} is {samples[i]}; samples are numbers.", nameof(samples));
        }
    }

    private Waveform(float[] samples, int sampleRate)
    {
        CheckRate(sampleRate);
        _samples = samples;
        SampleRate = sampleRate;
    }

    /// <summary>Samples a second.</summary>
    public int SampleRate { get; }

    /// <summary>The samples; those of files of integers are from -1 to 1.</summary>
    public ReadOnlyMemory<float> Samples => _samples;

    /// <summary>How long it lasts.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)_samples.Length / SampleRate);

    /// <summary>
    /// Reads a WAV file (integers of 8, 16, 24 or 32 bits, floating point of 32 or 64) or an AIFF or AIFC file (the same, in either order of bytes). Channels are mixed down to their mean.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is not such a file, damaged, or has samples that are not finite; the message names it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Waveform Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Load(stream);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException($"The sound file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads what <see cref="Load(string)"/> reads.</summary>
    /// <param name="stream">The file's content; a stream that can be searched.</param>
    /// <exception cref="InvalidDataException">It is not such a file, damaged, or has samples that are not finite.</exception>
    public static Waveform Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        float[] samples = [];
        (int rate, int count) = new SoundReader().Read(stream, _ => long.MaxValue, ref samples);
        return new(samples.Length == count ? samples : samples[..count], rate);
    }

    /// <summary>Writes a WAV file.</summary>
    /// <param name="path">The file, which is replaced.</param>
    /// <param name="format">How samples are written. Default integers of 16 bits.</param>
    public void SaveWav(string path, WavFormat format = WavFormat.Pcm16)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.Create(path);
        SaveWav(stream, format);
    }

    /// <summary>Writes a WAV file.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="format">How samples are written. Default integers of 16 bits.</param>
    public void SaveWav(Stream stream, WavFormat format = WavFormat.Pcm16)
    {
        ArgumentNullException.ThrowIfNull(stream);
        WavWriter.Write(stream, _samples, SampleRate, format);
    }

    /// <summary>
    /// The same signal at another rate: by a sinc under a Hann window (torchaudio's <c>sinc_interp_hann</c> with a <c>lowpass_filter_width</c> of 16), which leaves out the
    /// frequencies that the lower rate cannot carry.
    /// </summary>
    /// <param name="sampleRate">Samples a second.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of range, or the signal would have more than 2^28 samples.</exception>
    public Waveform Resample(int sampleRate)
    {
        CheckRate(sampleRate);
        Resampler resampler = new(SampleRate, sampleRate);
        long length = resampler.Length(_samples.Length);
        if (length > MostSamples)
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, $"At this rate the signal has {length} samples; at most {MostSamples} are possible.");
        float[] samples = new float[length];
        resampler.Run(_samples, samples);
        return new(samples, sampleRate);
    }

    internal static void CheckRate(int sampleRate)
    {
        if (sampleRate is < 1 or > MostHertz)
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, $"The sample rate is {sampleRate} Hz; expected 1 to {MostHertz}.");
    }
}
