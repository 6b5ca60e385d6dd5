using MLNetDeep.Signals.Codec;
using MLNetDeep.Signals.Tests.Support;

namespace MLNetDeep.Signals.Tests;

/// <summary>Sound files, and other sample rates.</summary>
public class WaveformTests
{
    // Multiples of 1/128, which every encoding holds.
    private static readonly double[] Values = [0, 0.5, -0.5, 0.25, -1, 127 / 128.0];

    public static TheoryData<string, byte[]> Encodings => new()
    {
        { "WAV, 8 bits", SoundBytes.Wav([.. Values.Select(v => (byte)(v * 128 + 128))], 1, 1, 8000, 8) },
        { "WAV, 16 bits", SoundBytes.Wav(SoundBytes.Integers(Values, 2, false), 1, 1, 8000, 16) },
        { "WAV, 24 bits", SoundBytes.Wav(SoundBytes.Integers(Values, 3, false), 1, 1, 8000, 24) },
        { "WAV, 32 bits", SoundBytes.Wav(SoundBytes.Integers(Values, 4, false), 1, 1, 8000, 32) },
        { "WAV, 32 bits, floating", SoundBytes.Wav([.. Values.SelectMany(v => BitConverter.GetBytes((float)v))], 3, 1, 8000, 32) },
        { "WAV, 64 bits, floating", SoundBytes.Wav([.. Values.SelectMany(BitConverter.GetBytes)], 3, 1, 8000, 64) },
        { "WAV, extensible, 24 bits", SoundBytes.Wav(SoundBytes.Integers(Values, 3, false), 1, 1, 8000, 24, extensible: true) },
        { "WAV, extensible, floating", SoundBytes.Wav([.. Values.SelectMany(v => BitConverter.GetBytes((float)v))], 3, 1, 8000, 32, extensible: true) },
        { "WAV, written to a pipe", SoundBytes.Wav(SoundBytes.Integers(Values, 2, false), 1, 1, 8000, 16, dataSize: uint.MaxValue) },
        { "AIFF, 8 bits", SoundBytes.Aiff(SoundBytes.Integers(Values, 1, true), 1, 8000, 8, Values.Length) },
        { "AIFF, 16 bits", SoundBytes.Aiff(SoundBytes.Integers(Values, 2, true), 1, 8000, 16, Values.Length) },
        { "AIFF, 24 bits, samples first", SoundBytes.Aiff(SoundBytes.Integers(Values, 3, true), 1, 8000, 24, Values.Length, samplesFirst: true) },
        { "AIFF, 32 bits", SoundBytes.Aiff(SoundBytes.Integers(Values, 4, true), 1, 8000, 32, Values.Length) },
        { "AIFC, sowt", SoundBytes.Aiff(SoundBytes.Integers(Values, 2, false), 1, 8000, 16, Values.Length, "sowt") },
        { "AIFC, none", SoundBytes.Aiff(SoundBytes.Integers(Values, 2, true), 1, 8000, 16, Values.Length, "NONE") },
        { "AIFC, fl32", SoundBytes.Aiff([.. Values.SelectMany(v => BitConverter.GetBytes((float)v).Reverse())], 1, 8000, 32, Values.Length, "fl32") },
        { "AIFC, fl64", SoundBytes.Aiff([.. Values.SelectMany(v => BitConverter.GetBytes(v).Reverse())], 1, 8000, 64, Values.Length, "fl64") },
        { "AIFC, raw", SoundBytes.Aiff([.. Values.Select(v => (byte)(v * 128 + 128))], 1, 8000, 8, Values.Length, "raw ") },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Every_encoding_holds_the_same_samples(string name, byte[] file)
    {
        Waveform sound = Waveform.Load(new MemoryStream(file));
        Assert.True(Values.Select(v => (float)v).SequenceEqual(sound.Samples.ToArray()), $"{name}: {string.Join(' ', sound.Samples.ToArray())}");
        Assert.Equal(8000, sound.SampleRate);
    }

    [Fact]
    public void Channels_are_mixed_down_to_their_mean()
    {
        byte[] file = SoundBytes.Wav(SoundBytes.Integers([0.5, 0.25, -1, 0, 0.5, -0.5], 2, false), 1, 2, 44100, 16);
        Assert.Equal([0.375f, -0.5f, 0], Waveform.Load(new MemoryStream(file)).Samples.ToArray());
    }

    [Fact]
    public void What_was_saved_is_loaded()
    {
        using TemporaryFolder folder = new();
        float[] samples = TestSignals.Noise(5000, 1);
        Waveform sound = new(samples, 22050);
        sound.SaveWav(folder.File("float.wav"), WavFormat.Float32);
        Waveform exact = Waveform.Load(folder.File("float.wav"));
        Assert.Equal(samples, exact.Samples.ToArray());
        Assert.Equal((22050, TimeSpan.FromSeconds(5000 / 22050.0)), (exact.SampleRate, exact.Duration));
        sound.SaveWav(folder.File("integers.wav"));
        Assert.All(samples.Zip(Waveform.Load(folder.File("integers.wav")).Samples.ToArray()), p => Assert.Equal(p.First, p.Second, 1.01f / 65536));
    }

    [Fact]
    public void Too_loud_samples_are_cut_off_in_integers()
    {
        using MemoryStream stream = new();
        new Waveform([2, -3, 1], 8000).SaveWav(stream);
        stream.Position = 0;
        Assert.Equal([32767 / 32768f, -1, 32767 / 32768f], Waveform.Load(stream).Samples.ToArray());
    }

    [Theory]
    [InlineData(44100, 16000)]
    [InlineData(16000, 44100)]
    [InlineData(48000, 8000)]
    [InlineData(7919, 8011)]
    public void Resampling_keeps_a_sine(int from, int to)
    {
        float[] expected = TestSignals.Sine(1000, to, to / 2), actual = new Waveform(TestSignals.Sine(1000, from, from / 2), from).Resample(to).Samples.ToArray();
        Assert.Equal((long)Math.Ceiling(from / 2 * (double)to / from), actual.Length);

        // The ends know nothing of what is beyond.
        for (int i = to / 20; i < to / 2 - to / 20; i++)
            Assert.Equal(expected[i], actual[i], 0.01f);
    }

    [Theory]
    [InlineData(9000)]
    [InlineData(12000)]
    [InlineData(20000)]
    public void Resampling_leaves_no_aliases(double hertz)
    {
        // Without the filter it would be heard, as loud, at 7000, 4000 or 4000 Hz. Less than a hundredth is left.
        float[] samples = new Waveform(TestSignals.Sine(hertz, 44100, 22050), 44100).Resample(16000).Samples.ToArray()[800..^800];
        Assert.InRange(Math.Sqrt(samples.Average(s => (double)s * s)), 0, 0.01 * Math.Sqrt(0.5));
    }

    [Fact]
    public void A_rate_without_a_table_of_weights_is_resampled_alike()
    {
        // 99991 is prime: the table would have more than three million weights.
        float[] expected = TestSignals.Sine(500, 99991, 9999), actual = new float[9999];
        new Resampler(8000, 99991).Run(TestSignals.Sine(500, 8000, 800), actual);
        for (int i = 1000; i < 8900; i++)
            Assert.Equal(expected[i], actual[i], 0.01f);
    }

    [Fact]
    public void A_sound_of_fixed_length_is_the_beginning_of_the_whole()
    {
        using TemporaryFolder folder = new();
        new Waveform(TestSignals.Noise(44100, 1), 44100).SaveWav(folder.File("a.wav"), WavFormat.Float32);
        SoundFile all = new(16000, null), some = new(16000, 4000), more = new(16000, 20000);
        Assert.Null(all.Load(folder.Path, "a.wav"));
        Assert.Null(some.Load(folder.Path, "a.wav"));
        Assert.Null(more.Load(folder.Path, "a.wav"));
        Assert.Equal((16000, 4000, 20000), (all.Samples.Length, some.Samples.Length, more.Samples.Length));
        Assert.Equal(all.Samples[..4000].ToArray(), some.Samples.ToArray());
        Assert.Equal([.. all.Samples, .. new float[4000]], more.Samples.ToArray());
    }
}
