using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Decisions;
using MLNetDeep.Evaluation.Deciding;
using MLNetDeep.Evaluation.Samples;
using MLNetDeep.Evaluation.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Evaluation.Tests;

public sealed class DecidingTests : IDisposable
{
    private static MLContext Ml => new(seed: 1);

    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-deciding-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Aims => ["F1", "F2", "Youden", "GMean", "Mcc", "Recall", "Precision", "Cost"];

    [Theory]
    [MemberData(nameof(Aims))]
    public void The_threshold_is_the_best_there_is(string name)
    {
        (ThresholdAim aim, Func<double, double, double, double, double> value) = Aim(name);
        ThresholdTransformer fitted = Ml.BinaryClassification.Threshold(aim).Fit(Scored.Binary());
        double[] scores = Scored.Numbers("binary", "score"), labels = Scored.Numbers("binary", "label");
        double best = scores.Distinct().Append(double.NegativeInfinity).Max(At), own = At(fitted.Threshold);
        Assert.True(double.IsFinite(own));
        Assert.Equal(best, own, 1e-12);

        double At(double threshold)
        {
            double Count(bool positive, bool above) => scores.Where((s, i) => labels[i] > 0 == positive && s > threshold == above).Count();
            return value(Count(true, true), Count(false, true), Count(true, false), Count(false, false));
        }
    }

    [Fact]
    public void An_aim_out_of_reach_says_how_far_one_gets()
    {
        string message = Assert.Throws<InvalidOperationException>(() => Ml.BinaryClassification.Threshold(ThresholdAim.RecallAtPrecision(1)).Fit(Inverted())).Message;
        Assert.Contains("the highest precision is", message, StringComparison.Ordinal);

        static IDataView Inverted() => Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new BinaryRow { Label = i % 4 == 0, Score = i % 4 == 0 ? 0 : i }).ToList());
    }

    [Fact]
    public void A_tuned_threshold_is_in_the_model_and_decides_everywhere()
    {
        List<Case> cases = Scored.Cases(300, 0.1);
        IDataView data = Scored.View(cases);
        var trainer = Ml.BinaryClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), epochs: 60, batchSize: 16);
        var estimator = Ml.BinaryClassification.TunedThreshold(trainer, new() { Aim = ThresholdAim.GMean, Folds = new() { NumberOfFolds = 3 } });
        TransformerChain<ThresholdTransformer> model = estimator.Fit(data);
        float threshold = model.LastTransformer.Threshold;
        Assert.True(threshold < 0, $"A rare class asks for a threshold below 0, but it is {threshold}.");
        Assert.InRange(model.LastTransformer.Probability!.Value, 0.001, 0.5);

        IDataView scored = model.Transform(data);
        float[] plain = [.. model.First().Transform(data).GetColumn<float>("Score")];
        bool[] decided = [.. scored.GetColumn<bool>("PredictedLabel")];
        Assert.Equal(plain.Select(s => s > threshold), decided);
        Assert.Equal(plain.Select(s => s - threshold), scored.GetColumn<float>("Score"));
        Assert.True(decided.Count(d => d) > plain.Count(s => s > 0));

        // ML.NET's own evaluation goes by scores, ours by decisions: both follow.
        var own = Ml.BinaryClassification.Evaluate(scored);
        DetailedBinaryMetrics detailed = Ml.BinaryClassification.EvaluateDetailed(scored);
        Assert.Equal(own.Accuracy, detailed.Accuracy, 1e-9);
        Assert.Equal(own.PositiveRecall, detailed.Recall, 1e-9);

        ITransformer loaded = Through(model, data.Schema);
        Assert.Equal(decided, loaded.Transform(data).GetColumn<bool>("PredictedLabel"));
        using var engine = Ml.Model.CreatePredictionEngine<Case, WithProbability>(loaded);
        Assert.Equal(decided.Take(50), cases.Take(50).Select(c => engine.Predict(c).PredictedLabel));
        Assert.Equal(threshold, ((IEnumerable<ITransformer>)loaded).OfType<ThresholdTransformer>().Single().Threshold);
    }

    [Fact]
    public void Calibrations_are_those_of_the_reference()
    {
        BinarySample sample = BinarySample.Read(Scored.Binary(), new());
        double[] at = Scored.Numbers("calibration", "at");
        foreach ((CalibrationMethod method, double tolerance) in new[] { (CalibrationMethod.Platt, 2e-6), (CalibrationMethod.Isotonic, 1e-12) })
        {
            Calibrator calibrator = CalibratorFitting.Fit(sample, new() { Method = method });
            Assert.All(at.Zip(Scored.Numbers("calibration", method.ToString().ToLowerInvariant())), p => Assert.Equal(p.Second, calibrator.Apply(p.First), tolerance));
        }

        // The reference's logits are the scores; without probabilities, so are ours.
        BinarySample scoresOnly = BinarySample.Read(Scored.Binary(), new() { Probability = "None" });
        Calibrator temperature = CalibratorFitting.Fit(scoresOnly, new() { Method = CalibrationMethod.Temperature });
        Assert.All(at.Zip(Scored.Numbers("calibration", "temperature")), p => Assert.Equal(p.Second, temperature.Apply(p.First), 1e-6));
        double[] beta = Scored.Numbers("calibration", "beta");
        Assert.All(beta.Zip(CalibratorFitting.Fit(sample, new() { Method = CalibrationMethod.Beta }).Parameters), p => Assert.Equal(p.First, p.Second, 1e-5));
        Assert.Equal(Scored.Of("calibration", "multiclass_temperature").GetDouble(), CalibratorFitting.Temperature(MulticlassSample.Read(Scored.Multiclass(), new())), 1e-5);
    }

    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Isotonic)]
    [InlineData(CalibrationMethod.Temperature)]
    [InlineData(CalibrationMethod.Beta)]
    public void Calibrated_probabilities_hold_and_are_in_the_model(CalibrationMethod method)
    {
        List<Case> cases = Overconfident();
        IDataView data = Scored.View(cases);
        TransformerChain<CalibrationTransformer> model = Ml.BinaryClassification.Calibrated(OverconfidentScores(), new() { Method = method }).Fit(data);
        IDataView scored = model.Transform(data);
        double before = Ml.BinaryClassification.EvaluateDetailed(model.First().Transform(data)).LogLoss;
        DetailedBinaryMetrics after = Ml.BinaryClassification.EvaluateDetailed(scored);
        Assert.True(after.LogLoss < before - 0.1, $"{method}: {before} to {after.LogLoss}");
        Assert.True(after.ExpectedCalibrationError < 0.05, $"{method}: {after.ExpectedCalibrationError}");
        float[] probabilities = [.. scored.GetColumn<float>("Probability")];
        Assert.Equal(probabilities.Select(p => p > 0.5f), scored.GetColumn<bool>("PredictedLabel"));
        Assert.Equal(Ml.BinaryClassification.Evaluate(scored).Accuracy, after.Accuracy, 1e-9);

        string file = Path.Combine(_folder, $"{method}.zip");
        Ml.Model.Save(model.LastTransformer, model.First().GetOutputSchema(data.Schema), file);
        Assert.Equal(probabilities, Ml.Model.Load(file, out _).Transform(model.First().Transform(data)).GetColumn<float>("Probability"));
    }

    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Isotonic)]
    [InlineData(CalibrationMethod.Temperature)]
    [InlineData(CalibrationMethod.Beta)]
    public void Scores_without_bounds_are_calibrated_and_saved(CalibrationMethod method)
    {
        // A network's sigmoid rounds to 0 or 1 where it is very sure; the logarithm of the odds is then infinite.
        BinaryRow[] rows = [.. Overconfident().Select(c =>
        {
            float score = c.X > 1 ? float.PositiveInfinity : c.X < -1 ? float.NegativeInfinity : 8 * c.X;
            return new BinaryRow { Label = c.Label, Score = score, Probability = 1 / (1 + MathF.Exp(-score)), PredictedLabel = score > 0 };
        })];
        IDataView data = Ml.Data.LoadFromEnumerable(rows);
        CalibrationTransformer model = Ml.BinaryClassification.Calibration(new() { Method = method }).Fit(data);
        ITransformer loaded = Through(model, data.Schema);
        float[] probabilities = [.. loaded.Transform(data).GetColumn<float>("Probability")];
        Assert.Equal(model.Transform(data).GetColumn<float>("Probability"), probabilities);
        Assert.All(probabilities, p => Assert.InRange(p, 0, 1));
        double Share(float score) => rows.Where(r => r.Score == score).Average(r => r.Label ? 1.0 : 0);
        foreach (float end in new[] { float.NegativeInfinity, float.PositiveInfinity })
            Assert.Equal(Share(end), probabilities[Array.FindIndex(rows, r => r.Score == end)], method == CalibrationMethod.Isotonic ? 0.02 : 0.15);
        Assert.True(Ml.BinaryClassification.EvaluateDetailed(loaded.Transform(data)).ExpectedCalibrationError < 0.07);
    }

    [Fact]
    public void A_score_without_probability_gets_one()
    {
        IDataView data = Scored.View(Overconfident());
        var estimator = Ml.BinaryClassification.Calibrated(Scored.Formula(Ml, probability: false));
        IDataView scored = estimator.Fit(data).Transform(data);
        Assert.Contains("brier", Ml.BinaryClassification.EvaluateDetailed(scored).Values.Keys);
        Assert.InRange(Ml.BinaryClassification.EvaluateDetailed(scored).ExpectedCalibrationError, 0, 0.05);
    }

    [Fact]
    public void Probabilities_are_corrected_for_negatives_that_were_left_out()
    {
        // Of 0.5 in balanced rows with a tenth of the negatives, 1 / 11 is left: beta p / (beta p - p + 1).
        Assert.Equal(1.0 / 11, new Calibrator { Kind = "none", FromProbability = true, NegativesKept = 0.1 }.Apply(0.5), 1e-12);
        List<Case> cases = Overconfident(), thinned = [.. cases.Where(c => c.Label || c.Id % 10 == 0)];
        ITransformer scorer = Scored.Formula(Ml).Fit(Scored.View(cases));
        double Error(double kept) => Ml.BinaryClassification.EvaluateDetailed(
            Ml.BinaryClassification.Calibration(new() { Method = CalibrationMethod.Platt, NegativesKept = kept }).Fit(scorer.Transform(Scored.View(thinned))).Transform(scorer.Transform(Scored.View(cases)))).ExpectedCalibrationError;
        Assert.True(Error(0.1) < 0.05 && Error(1) > 0.2, $"{Error(0.1)}, without correction {Error(1)}");
    }

    [Fact]
    public void Several_classes_are_calibrated_by_temperature()
    {
        // The logarithms times three: a model three times too sure, beside the golden one's 0.765.
        List<MulticlassRow> rows = Scored.MulticlassRows();
        foreach (MulticlassRow row in rows)
        {
            double[] powers = [.. row.Score.Select(s => Math.Pow(s, 3))];
            row.Score = [.. powers.Select(p => (float)(p / powers.Sum()))];
        }

        IDataView data = Ml.Data.LoadFromEnumerable(rows);
        TemperatureTransformer model = Ml.MulticlassClassification.Temperature().Fit(data);
        Assert.Equal(3 * Scored.Of("calibration", "multiclass_temperature").GetDouble(), model.Temperature, 1e-2);
        IDataView scored = Through(model, data.Schema).Transform(data);
        DetailedMulticlassMetrics before = Ml.MulticlassClassification.EvaluateDetailed(data), after = Ml.MulticlassClassification.EvaluateDetailed(scored);
        Assert.True(after.LogLoss < before.LogLoss - 0.2);
        Assert.Equal(before.Accuracy, after.Accuracy);
        Assert.All(scored.GetColumn<float[]>("Score"), s => Assert.Equal(1, s.Sum(), 1e-5f));
    }

    [Fact]
    public void A_trainer_of_several_classes_is_calibrated_around()
    {
        List<Case> cases = Scored.Cases(300, 0.3);
        IDataView data = Ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(Scored.View(cases)).Transform(Scored.View(cases));
        var model = Ml.MulticlassClassification.Calibrated(Ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [8]), epochs: 40, batchSize: 16), new() { Folds = new() { NumberOfFolds = 3 } }).Fit(data);
        Assert.True(model.LastTransformer.FromProbabilities);
        Assert.InRange(model.LastTransformer.Temperature, 0.01, 100);
        Assert.Equal(model.First().Transform(data).GetColumn<uint>("PredictedLabel"), model.Transform(data).GetColumn<uint>("PredictedLabel"));
    }

    [Fact]
    public void Schemas_are_as_promised()
    {
        IDataView data = Scored.View(Scored.Cases());
        var trainer = Ml.BinaryClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), epochs: 1);
        foreach (IEstimator<ITransformer> estimator in new IEstimator<ITransformer>[] { Ml.BinaryClassification.TunedThreshold(trainer), Ml.BinaryClassification.Calibrated(trainer) })
        {
            // Append asks for the schema, and so does what stands behind.
            var chain = estimator.Append(Ml.Transforms.CopyColumns("Copy", "Probability")).Append(Ml.Transforms.CopyColumns("Decision", "PredictedLabel"));
            DataViewSchema schema = chain.Fit(data).GetOutputSchema(data.Schema);
            Assert.Equal((NumberDataViewType.Single, BooleanDataViewType.Instance), (schema["Copy"].Type, schema["Decision"].Type));
        }
    }

    private ITransformer Through(ITransformer model, DataViewSchema schema)
    {
        string file = Path.Combine(_folder, "model.zip");
        Ml.Model.Save(model, schema, file);
        return new MLContext().Model.Load(file, out _);
    }

    // The truth is sigmoid(2 X); the model says sigmoid(8 X), of some rows.
    private static List<Case> Overconfident()
    {
        Random random = new(5);
        return [.. Enumerable.Range(0, 3000).Select(i =>
        {
            float x = (float)(random.NextDouble() * 3 - 1.5);
            return new Case { X = x, Id = i, Label = random.NextDouble() < 1 / (1 + Math.Exp(-2 * x)), Features = [x, 0] };
        })];
    }

    private static IEstimator<ITransformer> OverconfidentScores() => Ml.Transforms.CustomMapping<Case, WithProbability>(
        (c, o) =>
        {
            o.Score = 8 * c.X;
            o.Probability = 1 / (1 + MathF.Exp(-o.Score));
            o.PredictedLabel = o.Score > 0;
        },
        "overconfident");

    private static (ThresholdAim, Func<double, double, double, double, double>) Aim(string name) => name switch
    {
        "F1" => (ThresholdAim.F1, (tp, fp, fn, tn) => 2 * tp / (2 * tp + fp + fn)),
        "F2" => (ThresholdAim.FBeta(2), (tp, fp, fn, tn) => 5 * tp / (5 * tp + fp + 4 * fn)),
        "Youden" => (ThresholdAim.Youden, (tp, fp, fn, tn) => tp / (tp + fn) + tn / (tn + fp)),
        "GMean" => (ThresholdAim.GMean, (tp, fp, fn, tn) => Math.Sqrt(tp / (tp + fn) * tn / (tn + fp))),
        "Mcc" => (ThresholdAim.MatthewsCorrelation, (tp, fp, fn, tn) => (tp + fp) * (tn + fn) == 0 ? 0 : (tp * tn - fp * fn) / Math.Sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))),
        "Recall" => (ThresholdAim.RecallAtPrecision(0.5), (tp, fp, fn, tn) => tp > 0 && tp / (tp + fp) >= 0.5 ? tp / (tp + fn) : double.NegativeInfinity),
        "Precision" => (ThresholdAim.PrecisionAtRecall(0.8), (tp, fp, fn, tn) => tp / (tp + fn) >= 0.8 ? tp / (tp + fp) : double.NegativeInfinity),
        _ => (ThresholdAim.Cost(new(FalsePositive: 1, FalseNegative: 4, TruePositive: -0.5)), (tp, fp, fn, tn) => -(fp + 4 * fn - 0.5 * tp)),
    };
}
