using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Signals.Tests.Support;
using MLNetDeep.Signals.Transformers;
using MLNetDeep.Tests.Support;

namespace MLNetDeep.Signals.Tests;

/// <summary>Signals in ML.NET's pipelines: promised schemas, files, prediction engines, networks behind them.</summary>
public sealed class PipelineTests : IDisposable
{
    private static MLContext Ml => TestSignals.Ml;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<Func<IEstimator<ITransformer>>> Estimators =>
    [
        () => Ml.Transforms.FrameSignal("Out", "Signal", 64, 16, SignalWindow.Blackman),
        () => Ml.Transforms.Spectrogram("Out", "Signal", new() { FrameLength = 100, FftLength = 100, Scale = SpectrumScale.Log }),
        () => Ml.Transforms.MelSpectrogram("Out", "Signal", 8000, new() { FrameLength = 256, MelBins = 20, Frames = 9, MelScale = MelScale.Htk, MinFrequency = 100, MaxFrequency = 3000, NormalizeArea = false }),
        () => Ml.Transforms.Mfcc("Out", "Signal", 8000, new() { FrameLength = 256, MelBins = 20, Coefficients = 7, Deltas = 2, Padding = FramePadding.Reflect, TopDecibels = null, RelativeToMaximum = true }),
        () => Ml.Transforms.LoadSounds("Out", "Path", null, 8000, 0.05),
        () => Ml.Transforms.LoadSounds("Out", "Path", null, 11025),
        () => Ml.Transforms.FrameSignal("Signal", frameLength: 64, hopLength: 32).Append(Ml.Transforms.CopyColumns("Out", "Signal")),
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Schemas_are_as_promised_and_files_change_nothing(Func<IEstimator<ITransformer>> make)
    {
        IDataView data = Data();
        IEstimator<ITransformer> estimator = make();
        SchemaShape promised = estimator.GetOutputSchema(Schemas.Shape(data.Schema));
        ITransformer model = estimator.Fit(data);
        IDataView result = model.Transform(data);
        Schemas.Keeps(promised, result.Schema);
        Assert.Equal(Schemas.Describe(result.Schema), Schemas.Describe(model.GetOutputSchema(data.Schema)));
        Assert.True(model.IsRowToRowMapper);
        Assert.Equal(Schemas.Describe(result.Schema), Schemas.Describe(model.GetRowToRowMapper(data.Schema).OutputSchema));
        int[][] expected = Bits.Of(result, "Out");
        Assert.All(expected, e => Assert.NotEmpty(e));
        int known = ((VectorDataViewType)result.Schema["Out"].Type).Size;
        Assert.True(known == 0 || expected.All(e => e.Length == known));
        Assert.Equal(expected, Bits.Of(model.Transform(data), "Out"));

        using MemoryStream stream = new();
        Ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        Assert.Equal(Schemas.Describe(result.Schema), Schemas.Describe(loaded.GetOutputSchema(data.Schema)));
        Assert.Equal(expected, Bits.Of(loaded.Transform(data), "Out"));
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Prediction_engines_give_the_same(Func<IEstimator<ITransformer>> make)
    {
        IDataView data = Data();
        ITransformer model = make().Fit(data);
        int[][] expected = Bits.Of(model.Transform(data), "Out");
        SignalRow[] rows = [.. Rows()];
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            using PredictionEngine<SignalRow, SignalOut> engine = Ml.Model.CreatePredictionEngine<SignalRow, SignalOut>(model, inputSchemaDefinition: TestSignals.Definition(1000));
            for (int i = 0; i < 12; i++)
            {
                int row = (i + thread) % rows.Length;
                Assert.Equal(expected[row], Bits.Of(engine.Predict(rows[row]).Out));
            }
        });
    }

    [Fact]
    public void A_chain_from_file_to_numbers_is_loaded_in_a_fresh_process()
    {
        IDataView data = Data();
        ITransformer model = Ml.Transforms.LoadSounds("Sound", "Path", null, 8000, 0.1)
            .Append(Ml.Transforms.Mfcc("Out", "Sound", 8000, new() { FrameLength = 256, MelBins = 20, Coefficients = 10, Deltas = 1 })).Fit(data);
        string file = _folder.File("model.zip");
        Ml.Model.Save(model, data.Schema, file);
        int[][] expected = Bits.Of(model.Transform(data), "Out");
        Assert.Equal(expected[1], FreshProcess.Run(file, Rows().ElementAt(1).Path));
    }

    [Fact]
    public void Only_the_columns_that_are_asked_for_are_computed()
    {
        IDataView data = Ml.Data.LoadFromEnumerable([new SignalRow { Path = "missing.wav", Label = "kept" }]);
        IDataView result = Ml.Transforms.LoadSounds("Out", "Path", null, 8000).Fit(data).Transform(data);
        Assert.Equal(["kept"], result.GetColumn<string>("Label"));
        Assert.Throws<InvalidDataException>(() => result.GetColumn<float[]>("Out").ToArray());
    }

    [Fact]
    public void Sparse_signals_are_signals()
    {
        // Columns of zeros and ones are sparse in ML.NET.
        IDataView data = Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(i => new SignalRow { Label = $"c{i}" }));
        IDataView sparse = Ml.Transforms.Categorical.OneHotEncoding("Signal", "Label").Fit(data).Transform(data);
        float[][] frames = [.. Ml.Transforms.FrameSignal("Out", "Signal", 8).Fit(sparse).Transform(sparse).GetColumn<float[]>("Out")];
        Assert.All(frames.Index(), f => Assert.Equal([.. Enumerable.Range(0, 8).Select(i => i == f.Index ? 1f : 0)], f.Item));
    }

    [Fact]
    public void A_damaged_file_is_an_error()
    {
        foreach (string text in new[] { "", "{}", "null", "{\"Kind\":\"Frames\"}", "{\"Kind\":7}", Settings().Replace("\"FrameLength\":64", "\"FrameLength\":-1", StringComparison.Ordinal), Settings().Replace("\"HopLength\":16", "\"HopLength\":0", StringComparison.Ordinal), Settings()[..^5] })
            Assert.Throws<InvalidDataException>(() => SignalTransformer.Load(Text(text)));
        foreach (string text in new[] { "{}", "{\"OutputColumn\":\"a\",\"InputColumn\":\"b\",\"SampleRate\":0,\"OnBadSound\":\"Error\"}", "[1]" })
            Assert.Throws<InvalidDataException>(() => SoundLoadingTransformer.Load(Text(text)));
        Assert.Equal("Out", SignalTransformer.Load(Text(Settings())).OutputColumnName);

        // Tables that no memory holds.
        string large = Ml.Transforms.Mfcc("Out", "Signal", 8000).Fit(TestSignals.View([new float[64]])).Settings.Write().Replace("\"MelBins\":128", "\"MelBins\":400000", StringComparison.Ordinal)
            .Replace("\"FftLength\":2048", "\"FftLength\":1000000", StringComparison.Ordinal).Replace("\"Coefficients\":20", "\"Coefficients\":400000", StringComparison.Ordinal);
        Assert.Contains("400000 mel bins", Assert.Throws<InvalidDataException>(() => SignalTransformer.Load(Text(large))).Message, StringComparison.Ordinal);

        static string Settings() => Ml.Transforms.FrameSignal("Out", "Signal", 64, 16).Fit(TestSignals.View([new float[64]])).Settings.Write();
        static MemoryStream Text(string text)
        {
            MemoryStream stream = new();
            Persistence.ModelText.Write(stream, text);
            stream.Position = 0;
            return stream;
        }
    }

    [Fact]
    public void A_convolutional_and_a_recurrent_network_tell_tones_apart()
    {
        SignalRow[] rows = [.. Enumerable.Range(0, 120).Select(i =>
        {
            float[] tone = TestSignals.Sine(300 * (1 + i % 3), 8000, 1000, 0.3), noise = TestSignals.Noise(1000, i);
            return new SignalRow { Label = $"{300 * (1 + i % 3)} Hz", Signal = [.. tone.Zip(noise, (t, n) => t + 0.2f * n)] };
        })];
        IDataView train = TestSignals.View(rows[..90]), test = TestSignals.View(rows[90..]);
        IEstimator<ITransformer> features = Ml.Transforms.MelSpectrogram("Mel", "Signal", 8000, new() { FrameLength = 256, MelBins = 16, Scale = SpectrumScale.Decibel })
            .Append(Ml.Transforms.NormalizeMeanVariance("Mel", fixZero: false))
            .Append(Ml.Transforms.Conversion.MapValueToKey("Label"));
        foreach (Network network in new[] { Network.Input(16, 16, 1).Conv2D(4, 3).Relu().MaxPool2D(2).Flatten().ClassOutput(), Network.Input(16, 16).Gru(12).ClassOutput() })
        {
            ITransformer model = features.Append(Ml.MulticlassClassification.Trainers.NeuralNetwork(network, "Label", "Mel", new() { Epochs = 30, Optimizer = new Optimizers.Adam { LearningRate = 0.02f } })).Fit(train);
            Assert.Equal(1, Ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy);
        }
    }

    private IDataView Data() => TestSignals.View(Rows());

    // Sounds of several lengths and rates, signals of one length.
    private IEnumerable<SignalRow> Rows() => Enumerable.Range(0, 5).Select(i =>
    {
        string file = _folder.File($"{i}.wav");
        if (!File.Exists(file))
            new Waveform(TestSignals.Noise(400 + 100 * i, i), i % 2 == 0 ? 8000 : 22050).SaveWav(file);
        return new SignalRow { Path = file, Signal = TestSignals.Noise(1000, 10 + i), Label = $"c{i % 2}" };
    });

    private sealed class SignalOut
    {
        public float[] Out { get; set; } = [];
    }
}
