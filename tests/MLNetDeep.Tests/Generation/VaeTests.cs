using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Generation;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Explanations;
using MLNetDeep.Tests.Support;
using MLNetDeep.Training.Callbacks;
using MLNetDeep.Training.Checkpoints;

namespace MLNetDeep.Tests.Generation;

public sealed class VaeTests : IDisposable
{
    private const int Size = 6;

    private static MLContext Ml => new(seed: 1);

    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-vae-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_keeps_the_contract_of_an_estimator() => EstimatorContract<Coded>.Check(
        (ml, token) => ml.Generation.Trainers.Vae(new VaeTrainer.Options
        {
            Encoder = Networks.VaeEncoder(hidden: [8]),
            Decoder = Networks.VaeDecoder(Samples.Size, latent: 2, hidden: [8]),
            Epochs = 2,
            CancellationToken = token,
        }),
        null,
        ["Latent", "Reconstruction", "PredictedLabel", "Score"],
        p => p.Latent,
        "Latent");

    [Theory]
    [InlineData(VaeLikelihood.Gaussian)]
    [InlineData(VaeLikelihood.Bernoulli)]
    public void Generated_rows_are_spread_as_real_ones_and_of_the_class_asked_for(VaeLikelihood likelihood)
    {
        IDataView data = Keyed(Rows(600, 1));
        VaeTransformer model = Ml.Generation.Trainers.Vae(Options(likelihood, 60)).Fit(data);
        IDataView made = model.Generate(2000, seed: 3);
        Assert.Equal(["Features", "Label"], made.Schema.Select(c => c.Name));
        Assert.Equal(Schemas.Describe(data.Schema).Where(c => c.StartsWith("Features", StringComparison.Ordinal) || c.StartsWith("Label", StringComparison.Ordinal)).Order(), Schemas.Describe(made.Schema).Order());
        float[][] real = [.. data.GetColumn<float[]>("Features")], rows = [.. made.GetColumn<float[]>("Features")];

        // As shares between black and white so few numbers tell too little for latent vectors to be worth their divergence.
        for (int i = 0; i < Size && likelihood == VaeLikelihood.Gaussian; i++)
        {
            (double mean, double deviation) = Moments(real, i);
            (double madeMean, double madeDeviation) = Moments(rows, i);
            Assert.Equal(mean, madeMean, 0.3 * deviation);
            Assert.InRange(madeDeviation, 0.6 * deviation, 1.3 * deviation);
        }

        // The left are below 0 in the first column, the right above.
        Assert.True(model.Generate(200, condition: "left").GetColumn<float[]>("Features").Count(r => r[0] < 0) >= 190);
        Assert.True(model.Generate(200, condition: "right").GetColumn<float[]>("Features").Count(r => r[0] > 0) >= 190);
        Assert.InRange(made.GetColumn<uint>("Label").Count(k => k == 1), 1200, 1470);
        Assert.Equal(Flat(made), Flat(model.Generate(2000, seed: 3)));
        Assert.NotEqual(Flat(made), Flat(model.Generate(2000, seed: 4)));
    }

    [Fact]
    public void Rows_come_back_and_their_latent_vectors_lie_as_a_standard_normal_distribution()
    {
        IDataView data = Keyed(Rows(600, 1));
        VaeTransformer model = Ml.Generation.Trainers.Vae(Options(VaeLikelihood.Gaussian, 60)).Fit(data);
        IDataView seen = model.Transform(data);
        float[][] real = [.. seen.GetColumn<float[]>("Features")], back = [.. seen.GetColumn<float[]>("Reconstruction")], latent = [.. seen.GetColumn<float[]>("Latent")];
        double error = real.Zip(back, (r, b) => r.Zip(b, (x, y) => (double)(x - y) * (x - y)).Average()).Average(), variance = Enumerable.Range(0, Size).Average(i => Math.Pow(Moments(real, i).Deviation, 2));
        Assert.True(error < 0.2 * variance, $"{error} of {variance}");
        Assert.Equal(2, model.LatentSize);
        Assert.InRange(latent.Max(l => l.Max(Math.Abs)), 1, 5);
        Assert.InRange(latent.Average(l => l.Average()), -0.5, 0.5);

        // The score is the error on the network's scale: from -1 to 1 for the numbers' own range.
        float least = real.Min(r => r.Min()), most = real.Max(r => r.Max());
        float[] scores = [.. seen.GetColumn<float>("Score")];
        for (int row = 0; row < 20; row++)
            Assert.Equal(real[row].Zip(back[row], (x, y) => (x - y) * (x - y)).Average() * Math.Pow(2 / (most - least), 2), scores[row], 1e-4);

        // A hundredth of the training rows are beyond the threshold.
        bool[] flags = [.. seen.GetColumn<bool>("PredictedLabel")];
        Assert.Equal(6, flags.Count(f => f));
        Assert.Equal(flags, scores.Select(s => s > model.Threshold));
    }

    [Fact]
    public void Progress_tells_the_parts_of_the_loss()
    {
        List<string> lines = [];
        VaeTrainer.Options options = Options(VaeLikelihood.Gaussian, 5);
        (options.KlWeight, options.ValidationFraction, options.Progress) = (0.25f, 0.2, lines.Add);
        VaeTransformer model = Ml.Generation.Trainers.Vae(options).Fit(Keyed(Rows(300, 1)));
        Assert.All(model.History.Epochs, e => Assert.Equal(e.Loss, e.Metrics["reconstruction_loss"] + (0.25 * e.Metrics["kl_divergence"]), 1e-4));
        Assert.All(model.History["kl_divergence"], d => Assert.True(d > 0));
        Assert.All(model.History["val_loss"], l => Assert.True(double.IsFinite(l)));
        Assert.Equal(5, lines.Count(l => l.Contains("reconstruction_loss ", StringComparison.Ordinal) && l.Contains("kl_divergence ", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_unlike_the_training_rows_is_an_anomaly()
    {
        VaeTrainer.Options options = Options(VaeLikelihood.Gaussian, 60);
        (options.LabelColumnName, options.Encoder, options.Decoder, options.Contamination) = (null, Networks.VaeEncoder(hidden: [16]), Networks.VaeDecoder(Size, 2, [16]), 0.05);
        VaeTransformer model = Ml.Generation.Trainers.Vae(options).Fit(Ml.Data.LoadFromEnumerable(Rows(600, 1)));
        Assert.Equal(30, model.Transform(Ml.Data.LoadFromEnumerable(Rows(600, 1))).GetColumn<bool>("PredictedLabel").Count(f => f));
        AnomalyDetectionMetrics metrics = Ml.AnomalyDetection.Evaluate(model.Transform(Ml.Data.LoadFromEnumerable(WithStrangers())), "IsStrange");
        Assert.True(metrics.AreaUnderRocCurve > 0.95, $"AUC {metrics.AreaUnderRocCurve}");
        Assert.True(metrics.DetectionRateAtFalsePositiveCount > 0.5, $"{metrics.DetectionRateAtFalsePositiveCount} found");
        Assert.Equal("AnomalyDetection", Schemas.Annotation<ReadOnlyMemory<char>>(model.Transform(Ml.Data.LoadFromEnumerable(Rows(1, 1))).Schema["Score"], "ScoreColumnKind").ToString());
    }

    /// <summary>The figures are those of ML.NET 5.0.0's own evaluator; other processors round other last digits, which may change the order of a few rows.</summary>
    [Fact]
    public void ML_NET_evaluates_the_columns()
    {
        VaeTrainer.Options options = Options(VaeLikelihood.Gaussian, 20);
        (options.LabelColumnName, options.Encoder, options.Decoder) = (null, Networks.VaeEncoder(hidden: [16]), Networks.VaeDecoder(Size, 2, [16]));
        IDataView rows = Ml.Data.LoadFromEnumerable(WithStrangers());
        IDataView scored = Ml.Generation.Trainers.Vae(options).Fit(Ml.Data.LoadFromEnumerable(Rows(600, 1))).Transform(rows);
        double[] seen = [.. Figures(scored, "IsStrange")];
        Assert.Equal(0.98965, seen[0], 0.002);
        Assert.Equal(0.33, seen[1], 0.02);
        Assert.Equal(0.91, seen[2], 0.02);
        Assert.Equal(0.99, seen[3], 0.02);

        // A key of two values is a label too, of which the second is the anomaly; a missing one does not count.
        IDataView keyed = Ml.Transforms.Conversion.MapValueToKey("Kind", "IsStrange", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(scored).Transform(scored);
        Assert.Equal(seen, Figures(keyed, "Kind"));

        static IEnumerable<double> Figures(IDataView scored, string label)
        {
            yield return Ml.AnomalyDetection.Evaluate(scored, label).AreaUnderRocCurve;
            foreach (int count in (int[])[1, 10, 40])
                yield return Ml.AnomalyDetection.Evaluate(scored, label, falsePositiveCount: count).DetectionRateAtFalsePositiveCount;
        }
    }

    /// <summary>As ML.NET 5.0.0's own evaluator was seen to do.</summary>
    [Fact]
    public void ML_NET_leaves_out_rows_without_a_score_and_goes_by_the_scores_alone()
    {
        // Of a class that is missing there is no score: such rows are neither found nor missed.
        IDataView data = Keyed(Rows(120, 1));
        VaeTransformer model = Ml.Generation.Trainers.Vae(Options(VaeLikelihood.Gaussian, 5)).Fit(data);
        List<Row> test = [.. WithStrangers().Skip(300)];
        IDataView plain = Ml.Data.LoadFromEnumerable(Rows(120, 1));
        ITransformer keys = Ml.Transforms.Conversion.MapValueToKey("Label", "Side").Fit(plain);
        AnomalyDetectionMetrics without = Evaluate([.. test.Where((_, i) => i % 5 != 0)]);
        for (int i = 0; i < test.Count; i += 5)
            test[i].Side = "nowhere";
        AnomalyDetectionMetrics with = Evaluate(test);
        Assert.Equal(without.AreaUnderRocCurve, with.AreaUnderRocCurve);
        Assert.Equal(without.DetectionRateAtFalsePositiveCount, with.DetectionRateAtFalsePositiveCount);

        AnomalyDetectionMetrics Evaluate(List<Row> rows) => Ml.AnomalyDetection.Evaluate(model.Transform(keys.Transform(Ml.Data.LoadFromEnumerable(rows))), "IsStrange");
    }

    [Fact]
    public void The_seed_alone_decides_and_a_stopped_run_ends_with_the_same_bits()
    {
        IDataView data = Keyed(Rows(120, 1));
        VaeTransformer whole = Ml.Generation.Trainers.Vae(Options(VaeLikelihood.Gaussian, 4)).Fit(data), again = Ml.Generation.Trainers.Vae(Options(VaeLikelihood.Gaussian, 4)).Fit(data);
        Assert.Equal(Flat(whole.Generate(300)), Flat(again.Generate(300)));
        Assert.Equal(whole.Threshold, again.Threshold);
        VaeTrainer.Options stopped = Options(VaeLikelihood.Gaussian, 4), going = Options(VaeLikelihood.Gaussian, 4), other = Options(VaeLikelihood.Gaussian, 4);
        stopped.Checkpoint = going.Checkpoint = new CheckpointOptions(Path.Combine(_folder, "run"));
        stopped.Callbacks = [new StopAt(3)];
        Assert.Throws<OperationCanceledException>(() => Ml.Generation.Trainers.Vae(stopped).Fit(data));
        VaeTransformer resumed = Ml.Generation.Trainers.Vae(going).Fit(data);
        Assert.Equal(Flat(whole.Generate(300)), Flat(resumed.Generate(300)));
        Assert.Equal(whole.History["loss"], resumed.History["loss"]);
        other.Seed = 8;
        Assert.NotEqual(Flat(whole.Generate(300)), Flat(Ml.Generation.Trainers.Vae(other).Fit(data).Generate(300)));
    }

    [Fact]
    public void A_saved_model_makes_and_judges_the_same()
    {
        IDataView data = Keyed(Rows(120, 1));
        VaeTransformer model = Ml.Generation.Trainers.Vae(Options(VaeLikelihood.Bernoulli, 2)).Fit(data);
        string file = Path.Combine(_folder, "vae.zip");
        Ml.Model.Save(model, data.Schema, file);
        VaeTransformer loaded = (VaeTransformer)new MLContext(seed: 9).Model.Load(file, out _);
        Assert.Equal(Flat(model.Generate(50, seed: 3, condition: "left")), Flat(loaded.Generate(50, seed: 3, condition: "left")));
        Assert.Equal(Flat(model.Interpolate(2, 5)), Flat(loaded.Interpolate(2, 5)));
        Assert.Equal(Schemas.Describe(model.Generate(1).Schema), Schemas.Describe(loaded.Generate(1).Schema));
        foreach (string column in (string[])["Latent", "Reconstruction", "PredictedLabel", "Score"])
            Assert.Equal(Bits.Of(model.Transform(data), column), Bits.Of(loaded.Transform(data), column));
        Assert.Equal(model.History["loss"], loaded.History["loss"]);
    }

    [Fact]
    public void A_process_that_knows_ML_NET_only_loads_it()
    {
        List<Sample> samples = Samples.List(40);
        IDataView data = Ml.Data.LoadFromEnumerable(samples);
        VaeTransformer model = Ml.Generation.Trainers.Vae(Networks.VaeEncoder(hidden: [8]), Networks.VaeDecoder(Samples.Size, 2, [8]), epochs: 1, batchSize: 8).Fit(data);
        string file = Path.Combine(_folder, "vae.zip");
        Ml.Model.Save(model, Ml.Data.LoadFromEnumerable(new List<Point>()).Schema, file);
        Assert.Equal(
            model.Transform(data).GetColumn<float>("Score").Select(BitConverter.SingleToInt32Bits),
            FreshProcess.Score(file, _folder, samples.Select(s => s.Features)).Scores.Select(s => s[0]));
    }

    [Fact]
    public void Pictures_are_made_and_come_back()
    {
        IDataView rows = Bars.View(Ml, 120, 1);
        IDataView keyed = Ml.Transforms.Conversion.MapValueToKey("Label", "Kind").Fit(rows).Transform(rows);
        VaeTransformer model = Ml.Generation.Trainers.Vae(new VaeTrainer.Options
        {
            Encoder = Networks.VaeEncoder(Bars.Side, filters: [8, 8], classes: 2),
            Decoder = Networks.VaeDecoder(Bars.Side, latent: 4, filters: [8, 8], classes: 2),
            FeatureColumnName = "Pixels",
            LabelColumnName = "Label",
            Likelihood = VaeLikelihood.Bernoulli,
            Epochs = 8,
            Optimizer = new Adam { LearningRate = 0.005f },
        }).Fit(keyed);
        double[] loss = [.. model.History["loss"]];
        Assert.True(loss[^1] < 0.8 * loss[0], string.Join(' ', loss));
        Assert.Equal(keyed.Schema["Pixels"].Type, model.Generate(1).Schema["Pixels"].Type);
        Assert.Equal(keyed.Schema["Pixels"].Type, model.Transform(keyed).Schema["Reconstruction"].Type);
        Assert.All(model.Generate(20, condition: "standing").GetColumn<float[]>("Pixels"), p => Assert.All(p, v => Assert.InRange(v, -0.001f, 1.001f)));

        // An encoder that is not told the class, and sides that are no multiple of 4.
        VaeTransformer half = Ml.Generation.Trainers.Vae(Networks.VaeEncoder(Bars.Side, filters: [4]), Networks.VaeDecoder(Bars.Side, latent: 3, filters: [4], classes: 2), "Pixels", "Label", epochs: 1).Fit(keyed);
        Assert.Equal(3, half.Transform(keyed).GetColumn<float[]>("Latent").First().Length);
        foreach (Size2D size in (Size2D[])[(28, 28), (13, 10)])
            Assert.Equal(Shape(size), Networks.VaeDecoder(size, channels: 3).Build(new(new())).Value.Shape.ToString());

        static string Shape(Size2D size) => $"(batch, {size.Height}, {size.Width}, 3)";
    }

    [Fact]
    public void A_missing_class_has_no_score_and_is_no_anomaly()
    {
        IDataView data = Keyed(Rows(120, 1));
        VaeTransformer model = Ml.Generation.Trainers.Vae(Options(VaeLikelihood.Gaussian, 1)).Fit(data);
        List<Row> strange = Rows(3, 1);
        strange[1].Side = "nowhere";
        IDataView plain = Ml.Data.LoadFromEnumerable(Rows(120, 1));
        IDataView scored = model.Transform(Ml.Transforms.Conversion.MapValueToKey("Label", "Side").Fit(plain).Transform(Ml.Data.LoadFromEnumerable(strange)));
        Assert.Equal([false, true, false], scored.GetColumn<float>("Score").Select(float.IsNaN));
        Assert.False(scored.GetColumn<bool>("PredictedLabel").ElementAt(1));
        Assert.All(scored.GetColumn<float[]>("Latent").ElementAt(1), v => Assert.True(float.IsNaN(v)));
    }

    [Fact]
    public void Rows_that_are_all_the_same_come_back_as_they_are()
    {
        IDataView same = Ml.Data.LoadFromEnumerable(Enumerable.Repeat(new Row { Features = [5, 5, 5, 5, 5, 5] }, 80).ToList());
        VaeTransformer model = Ml.Generation.Trainers.Vae(new VaeTrainer.Options { Encoder = Networks.VaeEncoder(hidden: [8]), Decoder = Networks.VaeDecoder(Size, 2, [8]), Epochs = 60, Optimizer = new Adam { LearningRate = 0.02f } }).Fit(same);
        Assert.All(Flat(model.Generate(20)), v => Assert.InRange(v, 3.5f, 6.5f));
        Assert.Contains("are 5, which is no share", Fails(() => Ml.Generation.Trainers.Vae(new VaeTrainer.Options { Encoder = Networks.VaeEncoder(), Decoder = Networks.VaeDecoder(Size), Likelihood = VaeLikelihood.Bernoulli }).Fit(same)), StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        IDataView data = Keyed(Rows(60, 1));
        VaeTransformer model = Ml.Generation.Trainers.Vae(Options(VaeLikelihood.Gaussian, 1)).Fit(data);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Generate(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Generate(-1));
        Assert.Contains("no class 'purple'", Fails(() => model.Generate(5, condition: "purple")), StringComparison.Ordinal);
        Assert.Contains("data is empty", Fails(() => Ml.Generation.Trainers.Vae(Networks.VaeEncoder(), Networks.VaeDecoder(Size)).Fit(Ml.Data.LoadFromEnumerable(Rows(0, 1)))), StringComparison.Ordinal);
        Assert.Contains("give a LabelColumnName", Fails(() => Ml.Generation.Trainers.Vae(Networks.VaeEncoder(), Networks.VaeDecoder(Size, classes: 2)).Fit(data)), StringComparison.Ordinal);
        Assert.Contains("has 2 classes", Fails(() => Ml.Generation.Trainers.Vae(Networks.VaeEncoder(), Networks.VaeDecoder(Size, classes: 3), labelColumnName: "Label").Fit(data)), StringComparison.Ordinal);
        Assert.Contains("has 6 numbers", Fails(() => Ml.Generation.Trainers.Vae(Networks.VaeEncoder(), Networks.VaeDecoder(5)).Fit(data)), StringComparison.Ordinal);
        Assert.Contains("'Side'", Fails(() => Ml.Generation.Trainers.Vae(Networks.VaeEncoder(), Networks.VaeDecoder(5), "Side").Fit(data)), StringComparison.Ordinal);
        Assert.Contains("'IsStrange' has type Single; the network's input takes a vector of Single. Join columns", Fails(() => Ml.Generation.Trainers.Vae(Networks.VaeEncoder(), Networks.VaeDecoder(1), "IsStrange").Fit(data)), StringComparison.Ordinal);
        Assert.Contains("'IsStrange' has type Single; the network's input takes a vector of Single. Join columns", Fails(() => Ml.Generation.Trainers.Vae(Networks.VaeEncoder(), Networks.VaeDecoder(1), "IsStrange").GetOutputSchema(Schemas.Shape(data.Schema))), StringComparison.Ordinal);
        Assert.Contains("Contamination is 0.5", Fails(() => Ml.Generation.Trainers.Vae(With(o => o.Contamination = 0.5))), StringComparison.Ordinal);
        Assert.Contains("KlWeight is -1", Fails(() => Ml.Generation.Trainers.Vae(With(o => o.KlWeight = -1))), StringComparison.Ordinal);
        Assert.Contains("Deviation is 0", Fails(() => Ml.Generation.Trainers.Vae(With(o => o.Deviation = 0))), StringComparison.Ordinal);
        Assert.Contains("needs an Encoder", Fails(() => Ml.Generation.Trainers.Vae(With(o => o.Encoder = null))), StringComparison.Ordinal);

        List<Row> holes = Rows(20, 1);
        holes[7].Features[2] = float.NaN;
        Assert.Contains("slot 2, is NaN in data row 8", Assert.Throws<InvalidOperationException>(() => Ml.Generation.Trainers.Vae(Options(VaeLikelihood.Gaussian, 1)).Fit(Keyed(holes))).Message, StringComparison.Ordinal);

        // Fewer rows than a batch are a batch.
        Assert.Equal(5, Ml.Generation.Trainers.Vae(Options(VaeLikelihood.Gaussian, 1)).Fit(Keyed(Rows(7, 1))).Generate(5).GetRowCount());
    }

    private static VaeTrainer.Options With(Action<VaeTrainer.Options> change)
    {
        VaeTrainer.Options options = Options(VaeLikelihood.Gaussian, 1);
        change(options);
        return options;
    }

    private static VaeTrainer.Options Options(VaeLikelihood likelihood, int epochs) => new()
    {
        Encoder = Networks.VaeEncoder(hidden: [16], classes: 2),
        Decoder = Networks.VaeDecoder(Size, latent: 2, hidden: [16], classes: 2),
        LabelColumnName = "Label",
        Likelihood = likelihood,
        Epochs = epochs,
        BatchSize = 32,
        Seed = 3,
        Optimizer = new Adam { LearningRate = 0.01f },
    };

    private static string Fails(Action action) => Assert.Throws<ArgumentException>(action).Message;

    private static float[] Flat(IDataView view) => [.. view.GetColumn<float[]>("Features").SelectMany(r => r)];

    private static (double Mean, double Deviation) Moments(float[][] rows, int column)
    {
        double mean = rows.Average(r => r[column]);
        return (mean, Math.Sqrt(rows.Average(r => (r[column] - mean) * (r[column] - mean))));
    }

    private static IDataView Keyed(List<Row> rows)
    {
        IDataView plain = Ml.Data.LoadFromEnumerable(rows);
        return Ml.Transforms.Conversion.MapValueToKey("Label", "Side").Fit(plain).Transform(plain);
    }

    // Two thirds on the left; six numbers made of two hidden ones and a little noise.
    private static List<Row> Rows(int count, int seed)
    {
        Random random = new(seed);
        float Normal() => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        List<Row> rows = [];
        for (int i = 0; i < count; i++)
        {
            bool left = i % 3 != 2;
            float a = Normal(), b = Normal(), side = left ? -3 : 3;
            float[] features = [side + (0.5f * a), a + b, 2 * b, a - b, 1.5f * a, -b];
            rows.Add(new() { Side = left ? "left" : "right", Features = [.. features.Select(f => f + (0.1f * Normal()))] });
        }

        return rows;
    }

    // Of the same numbers, but each drawn on its own: what ties them together is missing.
    private static List<Row> WithStrangers()
    {
        Random random = new(7);
        List<Row> rows = Rows(400, 2);
        for (int i = 0; i < 100; i++)
            rows.Add(new() { IsStrange = 1, Side = "left", Features = [.. Enumerable.Range(0, Size).Select(f => rows[random.Next(400)].Features[f])] });
        return rows;
    }

    private sealed class Row
    {
        [VectorType(Size)]
        public float[] Features { get; set; } = new float[Size];

        public string Side { get; set; } = "";

        public float IsStrange { get; set; }
    }

    private sealed class Coded
    {
        public float[] Latent { get; set; } = [];
    }

    private sealed class StopAt(int epoch) : Callback
    {
        public override void OnEpochBegin(TrainingContext context, int number)
        {
            if (number == epoch)
                throw new OperationCanceledException();
        }
    }
}
