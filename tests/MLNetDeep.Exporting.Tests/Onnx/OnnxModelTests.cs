using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep;
using MLNetDeep.Estimators;
using MLNetDeep.Generation;
using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Tests;
using MLNetDeep.Layers;
using MLNetDeep.Transformers;

namespace MLNetDeep.Exporting.Tests.Onnx;

/// <summary>Trained ML.NET models as ONNX: the columns of <c>Transform</c> and the outputs of ONNX Runtime are the same.</summary>
public sealed class OnnxModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-onnx-").FullName;
    private readonly MLContext _ml = new(seed: 1);

    private string File => Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Several_classes_in_a_chain()
    {
        OnnxRuntime.Require();
        IDataView data = Data();
        IEstimator<ITransformer> before = _ml.Transforms.Conversion.MapValueToKey("Label", "Color").Append(_ml.Transforms.NormalizeMinMax("Features"));
        ITransformer model = before
            .Append(_ml.MulticlassClassification.Trainers.NeuralNetwork(new MulticlassNeuralNetworkTrainer.Options { Network = Networks.Mlp(hidden: [8]), Epochs = 3 }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Word", "PredictedLabel")).Fit(data);
        model.ExportToOnnx(File);
        IDataView scored = model.Transform(data);
        var outputs = Run("Features", [.. scored.GetColumn<float[]>("Features").SelectMany(f => f)], 60, 4);
        Equal(scored.GetColumn<float[]>("Score").SelectMany(s => s), outputs["Score"].Values);
        Assert.Equal(scored.GetColumn<uint>("PredictedLabel").Select(k => (float)k), outputs["PredictedLabel"].Values);
        Assert.Equal([60, 1], outputs["PredictedLabel"].Dims);
        Assert.Equal([60, 3], outputs["Score"].Dims);
    }

    [SkippableFact]
    public void Two_classes_and_numbers()
    {
        OnnxRuntime.Require();
        IDataView data = Data();
        ITransformer binary = _ml.BinaryClassification.Trainers.NeuralNetwork(new BinaryNeuralNetworkTrainer.Options { Network = Networks.Mlp(hidden: [8]), LabelColumnName = "Large", Epochs = 3 }).Fit(data);
        binary.ExportToOnnx(File);
        IDataView scored = binary.Transform(data);
        float[] features = [.. data.GetColumn<float[]>("Features").SelectMany(f => f)];
        var outputs = Run("Features", features, 60, 4);
        foreach (string name in (string[])["Score", "Probability"])
            Equal(scored.GetColumn<float>(name), outputs[name].Values);
        Assert.Equal(scored.GetColumn<bool>("PredictedLabel").Select(b => b ? 1f : 0), outputs["PredictedLabel"].Values);

        ITransformer regression = _ml.Regression.Trainers.NeuralNetwork(new RegressionNeuralNetworkTrainer.Options { Network = Networks.Mlp(hidden: [8]), LabelColumnName = "Number", Epochs = 3 }).Fit(data);
        regression.ExportToOnnx(File);
        outputs = Run("Features", features, 60, 4);
        Equal(regression.Transform(data).GetColumn<float>("Score"), outputs["Score"].Values);
        Assert.Equal([60, 1], outputs["Score"].Dims);

        ITransformer embedding = ((NeuralNetworkTransformer)regression).ToEmbedding("dense", "Inner");
        embedding.ExportToOnnx(File);
        Equal(embedding.Transform(data).GetColumn<float[]>("Inner").SelectMany(v => v), Run("Features", features, 60, 4)["Inner"].Values);
    }

    [SkippableFact]
    public void Images_come_as_their_column_has_them()
    {
        OnnxRuntime.Require();
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Picture { Pixels = Numbers(2 * 5 * 6, i), Label = i % 2 == 0 }));
        ITransformer model = _ml.BinaryClassification.Trainers.NeuralNetwork(new BinaryNeuralNetworkTrainer.Options
        {
            Network = Network.Input(5, 6, 2).Conv2D(4, 3).Relu().Flatten().TaskOutput(),
            FeatureColumnName = "Pixels",
            DataFormat = DataFormat.ChannelsFirst,
            Epochs = 2,
        }).Fit(data);
        model.ExportToOnnx(File);
        float[] pixels = [.. data.GetColumn<float[]>("Pixels").SelectMany(f => f)];
        Equal(model.Transform(data).GetColumn<float>("Score"), Run("Pixels", pixels, 12, 2, 5, 6)["Score"].Values);
    }

    [SkippableFact]
    public void Sequences_of_tokens()
    {
        OnnxRuntime.Require();
        IDataView raw = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new Sentence
        {
            Words = [.. Enumerable.Range(0, 2 + (i % 4)).Select(j => $"w{(i + j) % 5}")],
            Tags = [.. Enumerable.Range(0, 2 + (i % 4)).Select(j => $"t{(i + j) % 2}")],
        }));
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Words").Append(_ml.Transforms.Conversion.MapValueToKey("Tags")).Fit(raw).Transform(raw);
        SequenceLabelingTrainer.Options options = new()
        {
            Network = Network.TokenInput().Embedding(null, 8, maskZero: true).Bidirectional(new Gru { Units = 4, ReturnSequences = true }).TaskOutput(),
            LabelColumnName = "Tags",
            FeatureColumnName = "Words",
            Epochs = 2,
        };
        ITransformer model = _ml.MulticlassClassification.Trainers.SequenceLabeling(options).Fit(data);
        model.ExportToOnnx(File);

        // Keys become ids after that of padding (0) and that of the unknown token (1).
        uint[][] keys = [.. data.GetColumn<uint[]>("Words")];
        int[] ids = [.. keys.SelectMany(k => k.Select(w => (int)w + 1).Concat(Enumerable.Repeat(0, 5 - k.Length)))];
        var outputs = OnnxRuntime.Run(File, new Dictionary<string, (Array, int[])> { ["Words"] = (ids, [20, 5]) });
        float[][] expected = [.. model.Transform(data).GetColumn<float[]>("Score")];
        Assert.Equal([20, 5, 2], outputs["Score"].Dims);
        for (int i = 0; i < 20; i++)
            Equal(expected[i], outputs["Score"].Values.AsSpan(i * 10, expected[i].Length).ToArray());
        uint[][] labels = [.. model.Transform(data).GetColumn<uint[]>("PredictedLabel")];
        for (int i = 0; i < 20; i++)
            Assert.Equal(labels[i].Select(l => (float)l), outputs["PredictedLabel"].Values.AsSpan(i * 5, labels[i].Length).ToArray());
    }

    [SkippableFact]
    public void A_language_model_gives_the_probabilities_of_the_next_token()
    {
        OnnxRuntime.Require();
        IDataView raw = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new Sentence { Words = [.. Enumerable.Range(0, 3).Select(j => $"w{(i + j) % 4}")] }));
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Words").Fit(raw).Transform(raw);
        LanguageModelTransformer model = _ml.MulticlassClassification.Trainers.LanguageModel(new LanguageModelTrainer.Options { Network = Networks.LanguageModel(width: 8), TokensColumnName = "Words", Epochs = 1 }).Fit(data);
        model.ExportToOnnx(File);
        Network network = model.Model.Network;
        Graph graph = new();
        Tensor output = network.Build(new BuildContext(graph)).Value;
        int steps = output.Shape[1];
        float[] ids = [.. Enumerable.Range(0, 2 * steps).Select(i => (float)(i % 4))];
        float[] expected = TestEngines.Run("cpu", graph, [output], model.Model.Weights.Append(new(graph.Nodes.Single(n => n.Op.Name == "Placeholder").Name, ids)).ToDictionary(), 2)[0];
        var outputs = OnnxRuntime.Run(File, new Dictionary<string, (Array, int[])> { ["Words"] = (ids.Select(i => (int)i).ToArray(), [2, steps]) });
        Equal(expected, outputs["Score"].Values);
    }

    [SkippableFact]
    public void A_generator_makes_rows_in_the_range_of_the_data()
    {
        OnnxRuntime.Require();
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 64).Select(i => new Row { Features = [.. Numbers(4, i).Select(v => (5 * v) + 2)] }));
        GanTransformer model = _ml.Generation.Trainers.Gan(new GanTrainer.Options
        {
            Generator = Network.Input("latent", 6).Dense(8).Relu().Dense(4).Tanh(),
            Discriminator = Network.Input("row", 4).Dense(8).LeakyRelu(0.2).Dense(1),
            Epochs = 1,
            BatchSize = 16,
        }).Fit(data);
        model.ExportToOnnx(File);
        Graph graph = new();
        Tensor output = model.Model.Generator.Network.Build(new BuildContext(graph)).Value;
        float[] latent = Numbers(3 * 6, 1);
        float[] made = TestEngines.Run("cpu", graph, [output], model.Model.Generator.Weights.Append(new("latent/input", latent)).ToDictionary(), 3)[0];
        float[] all = [.. data.GetColumn<float[]>("Features").SelectMany(f => f)];
        float middle = (all.Max() + all.Min()) / 2, half = (all.Max() - all.Min()) / 2;
        Equal(made.Select(v => (v * half) + middle), Run("Latent", latent, 3, 6)["Features"].Values);
    }

    /// <summary>The decoder of a variational autoencoder makes of the column of latent vectors the column of reconstructions.</summary>
    [SkippableTheory]
    [InlineData(VaeLikelihood.Gaussian, false)]
    [InlineData(VaeLikelihood.Bernoulli, false)]
    [InlineData(VaeLikelihood.Gaussian, true)]
    public void A_decoder_makes_rows_of_latent_vectors(VaeLikelihood likelihood, bool byClass)
    {
        OnnxRuntime.Require();
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Kind", "Color").Fit(Data()).Transform(Data());
        int? classes = byClass ? 3 : null;
        VaeTransformer model = _ml.Generation.Trainers.Vae(new VaeTrainer.Options
        {
            Encoder = Networks.VaeEncoder(hidden: [8]),
            Decoder = Networks.VaeDecoder(4, latent: 2, hidden: [8], classes: classes),
            LabelColumnName = byClass ? "Kind" : null,
            Likelihood = likelihood,
            Epochs = 10,
        }).Fit(data);
        model.ExportToOnnx(File);
        OnnxRuntime.Check(File);
        IDataView scored = model.Transform(data);
        Dictionary<string, (Array, int[])> feeds = new() { ["Latent"] = (scored.GetColumn<float[]>("Latent").SelectMany(v => v).ToArray(), [60, 2]) };
        if (byClass)
            feeds["Kind"] = (scored.GetColumn<uint>("Kind").SelectMany(k => Enumerable.Range(1, 3).Select(i => i == k ? 1f : 0)).ToArray(), [60, 3]);
        var outputs = OnnxRuntime.Run(File, feeds);
        Assert.Equal([60, 4], outputs["Features"].Dims);
        Equal(scored.GetColumn<float[]>("Reconstruction").SelectMany(v => v), outputs["Features"].Values);
    }

    [SkippableFact]
    public void A_decoder_of_images()
    {
        OnnxRuntime.Require();
        IDataView data = Pictures();
        VaeTransformer model = _ml.Generation.Trainers.Vae(Networks.VaeEncoder(new Size2D(5, 6), 2, [4, 6]), Networks.VaeDecoder(new Size2D(5, 6), 2, latent: 3, filters: [6, 4]), "Pixels", epochs: 3, batchSize: 6).Fit(data);
        model.ExportToOnnx(File);
        IDataView scored = model.Transform(data);
        var outputs = Run("Latent", [.. scored.GetColumn<float[]>("Latent").SelectMany(v => v)], 12, 3);
        Equal(scored.GetColumn<float[]>("Reconstruction").SelectMany(v => v), outputs["Pixels"].Values);
    }

    /// <summary>Of noise in training the file has nothing; with a share of anomalies it judges too.</summary>
    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_denoising_autoencoder_takes_noise_away_and_tells_anomalies(bool images)
    {
        OnnxRuntime.Require();
        IDataView data = images ? Pictures() : Data();
        string column = images ? "Pixels" : "Features";
        NeuralNetworkTransformer model = _ml.Transforms.Autoencoder(new AutoencoderTrainer.Options
        {
            Network = images ? Networks.Autoencoder((5, 6), 2, [4, 6], 3) : Networks.Autoencoder(hidden: [8], code: 3),
            FeatureColumnName = column,
            GaussianNoise = 0.2f,
            MaskingNoise = 0.1f,
            Contamination = 0.2,
            Epochs = 10,
            BatchSize = 6,
        }).Fit(data);
        model.ExportToOnnx(File);
        IDataView scored = model.Transform(data);
        int rows = images ? 12 : 60;
        int[] dims = images ? [rows, 5, 6, 2] : [rows, 4];
        var outputs = Run(column, [.. data.GetColumn<float[]>(column).SelectMany(v => v)], dims);
        Assert.Equal(["Code", "PredictedLabel", "Reconstruction", "Score"], outputs.Keys.Order());
        foreach (string name in (string[])["Code", "Reconstruction"])
            Equal(scored.GetColumn<float[]>(name).SelectMany(v => v), outputs[name].Values);
        Equal(scored.GetColumn<float>("Score"), outputs["Score"].Values);
        Assert.Equal([rows, 1], outputs["Score"].Dims);
        float[] labels = [.. scored.GetColumn<bool>("PredictedLabel").Select(b => b ? 1f : 0)];
        Assert.Equal(rows / 5, labels.Sum());
        Assert.Equal(labels, outputs["PredictedLabel"].Values);
    }

    [Fact]
    public void A_model_that_cannot_be_exported_is_an_error()
    {
        IDataView data = Data();
        ITransformer none = _ml.Transforms.NormalizeMinMax("Features").Fit(data);
        Assert.Contains("no neural network", Assert.Throws<ArgumentException>(() => none.ExportToOnnx(File)).Message, StringComparison.Ordinal);
        RegressionNeuralNetworkTrainer trainer = _ml.Regression.Trainers.NeuralNetwork(new RegressionNeuralNetworkTrainer.Options { Network = Networks.Mlp(hidden: [2]), LabelColumnName = "Number", Epochs = 1 });
        ITransformer one = trainer.Fit(data);
        Assert.Contains("2 neural networks", Assert.Throws<ArgumentException>(() => trainer.Append(trainer).Fit(data).ExportToOnnx(File)).Message, StringComparison.Ordinal);
        Assert.Contains("there is no folder", Assert.Throws<IOException>(() => one.ExportToOnnx(Path.Combine(_folder, "no", "m.onnx"))).Message, StringComparison.Ordinal);
        RegressionNeuralNetworkTrainer named = _ml.Regression.Trainers.NeuralNetwork(new RegressionNeuralNetworkTrainer.Options { Network = Networks.Mlp(hidden: [2]), LabelColumnName = "Number", FeatureColumnName = "Score", Epochs = 1 });
        ITransformer same = named.Fit(_ml.Transforms.CopyColumns("Score", "Features").Fit(data).Transform(data));
        Assert.Contains("'Score'", Assert.Throws<ArgumentException>(() => same.ExportToOnnx(File)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private static void Equal(IEnumerable<float> expected, IReadOnlyList<float> actual)
    {
        float[] values = [.. expected];
        Assert.Equal(values.Length, actual.Count);
        for (int i = 0; i < values.Length; i++)
            Assert.True(Math.Abs(values[i] - actual[i]) <= 1e-5 * (1 + Math.Abs(values[i])), $"element {i}: {actual[i]}, expected {values[i]}");
    }

    private static float[] Numbers(int count, int seed) => [.. GradientCheck.Numbers(count, seed).Select(v => (float)v)];

    private Dictionary<string, (int[] Dims, float[] Values)> Run(string input, float[] values, params int[] dims)
    {
        OnnxRuntime.Check(File);
        return OnnxRuntime.Run(File, new Dictionary<string, (Array, int[])> { [input] = (values, dims) });
    }

    private IDataView Pictures() => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Interleaved { Pixels = Numbers(5 * 6 * 2, i) }));

    private IDataView Data() => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i =>
    {
        float[] f = Numbers(4, i);
        return new Row { Features = f, Color = f[0] > 0.3f ? "red" : f[1] > 0 ? "green" : "blue", Large = f[0] + f[2] > 0, Number = (3 * f[0]) - f[1] };
    }));

    private sealed class Row
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public string Color { get; set; } = "";

        public bool Large { get; set; }

        public float Number { get; set; }
    }

    private sealed class Picture
    {
        [VectorType(60)]
        public float[] Pixels { get; set; } = [];

        public bool Label { get; set; }
    }

    private sealed class Interleaved
    {
        [VectorType(5, 6, 2)]
        public float[] Pixels { get; set; } = [];
    }

    private sealed class Sentence
    {
        public string[] Words { get; set; } = [];

        public string[] Tags { get; set; } = [];
    }
}
