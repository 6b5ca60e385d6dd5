using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Signals.Tests.Support;

namespace MLNetDeep.Signals.Tests;

/// <summary>What cannot be is said so, with the column, row or option named.</summary>
public class BadInputTests
{
    private static MLContext Ml => TestSignals.Ml;

    public static TheoryData<string, Func<IEstimator<ITransformer>>> Options => new()
    {
        { "hop length is 0", () => Ml.Transforms.FrameSignal("Out", "Signal", 4, 0) },
        { "frame length is 1;", () => Ml.Transforms.FrameSignal("Out", "Signal", 1) },
        { "frame length is 0;", () => Ml.Transforms.Spectrogram("Out", "Signal", new() { FrameLength = 0 }) },
        { "number of frames is 0", () => Ml.Transforms.FrameSignal("Out", "Signal", 4, frames: 0) },
        { "transform's length is 8; expected 16", () => Ml.Transforms.Spectrogram("Out", "Signal", new() { FrameLength = 16, FftLength = 8 }) },
        { "TopDecibels is -1", () => Ml.Transforms.Spectrogram("Out", "Signal", new() { TopDecibels = -1 }) },
        { "RelativeToMaximum is for decibels", () => Ml.Transforms.Spectrogram("Out", "Signal", new() { RelativeToMaximum = true }) },
        { "none of its names", () => Ml.Transforms.Spectrogram("Out", "Signal", new() { Window = (SignalWindow)9 }) },
        { "sample rate is 0 Hz", () => Ml.Transforms.MelSpectrogram("Out", "Signal", 0) },
        { "sample rate is 0 Hz", () => Ml.Transforms.LoadSounds("Out", "Path", null, 0) },
        { "200 mel bins for 129 bins", () => Ml.Transforms.MelSpectrogram("Out", "Signal", 8000, new() { FrameLength = 256, MelBins = 200 }) },
        { "0 mel bins; expected 1 to 2048", () => Ml.Transforms.MelSpectrogram("Out", "Signal", 8000, new() { MelBins = 0 }) },
        { "holds no bin of the spectrum", () => Ml.Transforms.MelSpectrogram("Out", "Signal", 8000, new() { FrameLength = 256, MelBins = 100, MaxFrequency = 1000 }) },
        { "none above 4000 Hz", () => Ml.Transforms.MelSpectrogram("Out", "Signal", 8000, new() { MaxFrequency = 5000 }) },
        { "from 3000 to 2000 Hz", () => Ml.Transforms.MelSpectrogram("Out", "Signal", 8000, new() { MinFrequency = 3000, MaxFrequency = 2000 }) },
        { "30 coefficients of 20 mel bins", () => Ml.Transforms.Mfcc("Out", "Signal", 8000, new() { MelBins = 20, Coefficients = 30 }) },
        { "Deltas is 3", () => Ml.Transforms.Mfcc("Out", "Signal", 8000, new() { Deltas = 3 }) },
        { "the scale is Power", () => Ml.Transforms.Mfcc("Out", "Signal", 8000, new() { Scale = SpectrumScale.Power }) },
        { "0 seconds", () => Ml.Transforms.LoadSounds("Out", "Path", null, 8000, 0) },
        { "NaN seconds", () => Ml.Transforms.LoadSounds("Out", "Path", null, 8000, double.NaN) },
        { "outputColumnName", () => Ml.Transforms.LoadSounds("", "Path", null, 8000) },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Options_out_of_range_are_named(string says, Func<IEstimator<ITransformer>> make) =>
        Assert.Contains(says, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);

    [Fact]
    public void A_frame_longer_than_the_signal_is_an_error_before_rows_are_read()
    {
        IEstimator<ITransformer> estimator = Ml.Transforms.FrameSignal("Out", "Signal", 64);
        ArgumentException e = Assert.Throws<ArgumentException>(() => estimator.Fit(TestSignals.View([new float[63]])));
        Assert.Contains("'Signal'", e.Message, StringComparison.Ordinal);
        Assert.Contains("63 samples are fewer than a frame's 64", e.Message, StringComparison.Ordinal);
        estimator.Fit(TestSignals.View([new float[64]]));
        e = Assert.Throws<ArgumentException>(() => Ml.Transforms.FrameSignal("Out", "Signal", 64, padding: FramePadding.Reflect).Fit(TestSignals.View([new float[32]])));
        Assert.Contains("cannot be mirrored by 32", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_hold_no_signals_are_named()
    {
        IDataView data = TestSignals.View([new float[64]]);
        foreach ((string column, string says) in new[] { ("Nothing", "'Nothing' is not in the data"), ("Path", "expected vectors of Single") })
        {
            IEstimator<ITransformer> estimator = Ml.Transforms.FrameSignal("Out", column, 4);
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => estimator.Fit(data)).Message, StringComparison.Ordinal);
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => estimator.GetOutputSchema(MLNetDeep.Tests.Support.Schemas.Shape(data.Schema))).Message, StringComparison.Ordinal);
        }

        Assert.Contains("paths are text", Assert.Throws<ArgumentException>(() => Ml.Transforms.LoadSounds("Out", "Signal", null, 8000).Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("say with Frames", Assert.Throws<ArgumentException>(() => Ml.Transforms.FrameSignal("Out", "Signal", 4).Fit(TestSignals.View([new float[64]], variable: true))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Samples_that_are_not_numbers_name_row_and_sample(float bad)
    {
        float[] signal = new float[64];
        signal[7] = bad;
        IDataView data = TestSignals.View([new float[64], signal]);
        ITransformer model = Ml.Transforms.FrameSignal("Out", "Signal", 16).Fit(data);
        string message = Assert.Throws<ArgumentException>(() => model.Transform(data).GetColumn<float[]>("Out").ToArray()).Message;
        Assert.Contains($"Sample 8 of the signal in column 'Signal' of data row 2 is {bad}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_signal_names_its_row()
    {
        IDataView data = TestSignals.View([new float[64], []], variable: true);
        ITransformer model = Ml.Transforms.FrameSignal("Out", "Signal", 16, frames: 2).Fit(data);
        string message = Assert.Throws<ArgumentException>(() => model.Transform(data).GetColumn<float[]>("Out").ToArray()).Message;
        Assert.Contains("data row 2 cannot be cut into frames: it has no samples", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "its path is empty")]
    [InlineData("missing.wav", "missing.wav")]
    [InlineData("empty.wav", "it is empty")]
    [InlineData("text.wav", "neither WAV nor AIFF")]
    [InlineData("no\0name.wav", "cannot be read")]
    public void Files_that_are_no_sounds_name_file_and_row(string name, string says)
    {
        using TemporaryFolder folder = new();
        folder.File("empty.wav", []);
        folder.File("text.wav", "These are no samples at all."u8.ToArray());
        folder.File("good.wav", SoundBytes.Wav(new byte[200], 1, 1, 8000, 16));
        IDataView data = TestSignals.Paths("good.wav", name);
        ITransformer strict = Ml.Transforms.LoadSounds("Out", "Path", folder.Path, 8000).Fit(data);
        string message = Assert.Throws<InvalidDataException>(() => strict.Transform(data).GetColumn<float[]>("Out").ToArray()).Message;
        Assert.Contains($"The sound file '{name}' in data row 2 cannot be read: ", message, StringComparison.Ordinal);
        Assert.Contains(says, message, StringComparison.Ordinal);

        ITransformer fixedLength = Ml.Transforms.LoadSounds("Out", "Path", folder.Path, 8000, 0.01, OnBadSound.Missing).Fit(data);
        float[][] sounds = [.. fixedLength.Transform(data).GetColumn<float[]>("Out")];
        Assert.All(sounds[1], s => Assert.True(float.IsNaN(s)));
        Assert.Equal((80, 80), (sounds[0].Length, sounds[1].Length));
        Assert.Equal(["good.wav"], Ml.Data.FilterRowsByMissingValues(fixedLength.Transform(data), "Out").GetColumn<string>("Path"));

        ITransformer anyLength = Ml.Transforms.LoadSounds("Out", "Path", folder.Path, 8000, onBadSound: OnBadSound.Missing).Fit(data);
        Assert.Equal([100, 0], anyLength.Transform(data).GetColumn<float[]>("Out").Select(s => s.Length));

        List<string> warnings = [];
        MLContext ml = new();
        ml.Log += (_, e) => warnings.Add(e.RawMessage);
        Assert.Equal(["good.wav"], ml.Data.FilterRowsByReadableSounds(data, "Path", folder.Path).GetColumn<string>("Path"));
        Assert.Contains(warnings, w => w.Contains("1 of 2 sound files cannot be read", StringComparison.Ordinal) && w.Contains($"'{name}'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_waveform_is_of_numbers()
    {
        Assert.Contains("at least one sample", Assert.Throws<ArgumentException>(() => new Waveform([], 8000)).Message, StringComparison.Ordinal);
        Assert.Contains("Sample 2 of 2 is NaN", Assert.Throws<ArgumentException>(() => new Waveform([0, float.NaN], 8000)).Message, StringComparison.Ordinal);
        Assert.Contains("sample rate is -5 Hz", Assert.Throws<ArgumentOutOfRangeException>(() => new Waveform([0], -5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Waveform([0], 8000).Resample(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Waveform(new float[1000], 1).Resample(10_000_000));
        using TemporaryFolder folder = new();
        Assert.Contains("bad.wav", Assert.Throws<InvalidDataException>(() => Waveform.Load(folder.File("bad.wav", []))).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Waveform.Load(folder.File("none.wav")));
    }
}
