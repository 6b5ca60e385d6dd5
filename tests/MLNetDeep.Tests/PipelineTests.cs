using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Support;

namespace MLNetDeep.Tests;

/// <summary>Whole ML.NET pipelines with a network in them: they learn, and every part of ML.NET takes what they give.</summary>
public class PipelineTests
{
    private static readonly Adam Fast = new() { LearningRate = 0.02f };

    [Fact]
    public void Multiclass_learns_from_text_labels_and_gives_them_back()
    {
        MLContext ml = new(seed: 1);
        var split = ml.Data.TrainTestSplit(Samples.View(ml, 400), testFraction: 0.25);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Color")
            .Append(ml.Transforms.NormalizeMinMax("Features"))
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [16]), "Label", "Features", new() { Epochs = 25, Optimizer = Fast }))
            .Append(ml.Transforms.CopyColumns("Key", "PredictedLabel"))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = pipeline.Fit(split.TrainSet);
        IDataView scored = model.Transform(split.TestSet);
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(scored, predictedLabelColumnName: "Key");
        Assert.InRange(metrics.MicroAccuracy, 0.9, 1);

        // The text is what the key stood for.
        string[] names = Schemas.Texts(scored.Schema["Score"], "SlotNames");
        Assert.All(
            ml.Data.CreateEnumerable<ColorPrediction>(scored, reuseRowObject: false),
            p => Assert.Equal(names[Array.IndexOf(p.Score, p.Score.Max())], p.PredictedLabel));
    }

    [Fact]
    public void Binary_learns_and_its_probabilities_are_calibrated_scores()
    {
        MLContext ml = new(seed: 1);
        var split = ml.Data.TrainTestSplit(Samples.View(ml, 400), testFraction: 0.25);
        ITransformer model = ml.Transforms.NormalizeMeanVariance("Features")
            .Append(ml.BinaryClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [16]), "Large", "Features", new() { Epochs = 25, Optimizer = Fast }))
            .Fit(split.TrainSet);
        IDataView scored = model.Transform(split.TestSet);
        CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(scored, "Large");
        Assert.InRange(metrics.Accuracy, 0.9, 1);
        Assert.InRange(metrics.AreaUnderRocCurve, 0.95, 1);
        Assert.InRange(metrics.LogLoss, 0, 0.4);

        LargePrediction[] predictions = [.. ml.Data.CreateEnumerable<LargePrediction>(scored, reuseRowObject: false)];
        Assert.All(predictions, p => Assert.Equal(1 / (1 + MathF.Exp(-p.Score)), p.Probability, 1e-5f));
        Assert.All(predictions, p => Assert.Equal(p.Probability > 0.5f, p.PredictedLabel));
    }

    [Fact]
    public void Regression_learns_a_line()
    {
        MLContext ml = new(seed: 1);
        var split = ml.Data.TrainTestSplit(Samples.View(ml, 400), testFraction: 0.25);
        ITransformer model = ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [16]), "Number", "Features", new() { Epochs = 40, Optimizer = Fast }).Fit(split.TrainSet);
        RegressionMetrics metrics = ml.Regression.Evaluate(model.Transform(split.TestSet), "Number");
        Assert.InRange(metrics.RSquared, 0.98, 1);
    }

    [Fact]
    public void Cross_validation_works_for_each_task()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Samples.View(ml, 240);
        Network network = Networks.Mlp(hidden: [8]);
        var multiclass = ml.MulticlassClassification.CrossValidate(data, ml.Transforms.Conversion.MapValueToKey("Label", "Color").Append(ml.MulticlassClassification.Trainers.NeuralNetwork(network, "Label", "Features", new() { Epochs = 15, Optimizer = Fast })), numberOfFolds: 3, labelColumnName: "Label");
        Assert.Equal(3, multiclass.Count);
        Assert.All(multiclass, r => Assert.InRange(r.Metrics.MicroAccuracy, 0.7, 1));

        var binary = ml.BinaryClassification.CrossValidate(data, ml.BinaryClassification.Trainers.NeuralNetwork(network, "Large", "Features", new() { Epochs = 15, Optimizer = Fast }), numberOfFolds: 3, labelColumnName: "Large");
        Assert.All(binary, r => Assert.InRange(r.Metrics.Accuracy, 0.7, 1));

        var regression = ml.Regression.CrossValidate(data, ml.Regression.Trainers.NeuralNetwork(network, "Number", "Features", new() { Epochs = 15, Optimizer = Fast }), numberOfFolds: 3, labelColumnName: "Number");
        Assert.All(regression, r => Assert.InRange(r.Metrics.RSquared, 0.7, 1));
    }

    [Fact]
    public void Confusion_matrix_and_slots_have_the_classes_names()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Samples.View(ml);
        ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label", "Color").Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), epochs: 2)).Fit(data);
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(data));
        string[] names = [.. Samples.List().Select(s => s.Color).Distinct()];
        string table = metrics.ConfusionMatrix.GetFormattedConfusionTable();

        Assert.Equal(3, names.Length);
        Assert.All(names, n => Assert.Contains(n, table, StringComparison.Ordinal));
        Assert.Equal(names, Schemas.Texts(model.GetOutputSchema(data.Schema)["Score"], "SlotNames"));
    }

    [Fact]
    public void Text_file_to_model_to_prediction_engine()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, Samples.List(200).Select(s => string.Join('\t', s.Features.Select(f => f.ToString("R", CultureInfo.InvariantCulture)).Append(s.Color))));
            MLContext ml = new(seed: 1);
            IDataView data = ml.Data.LoadFromTextFile(file, [new("Features", DataKind.Single, 0, Samples.Size - 1), new("Color", DataKind.String, Samples.Size)]);
            ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label", "Color")
                .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [16]), "Label", "Features", new() { Epochs = 30, Optimizer = Fast }))
                .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
                .Fit(data);
            using PredictionEngine<Sample, ColorPrediction> engine = ml.Model.CreatePredictionEngine<Sample, ColorPrediction>(model);
            List<Sample> samples = Samples.List(200, seed: 2);
            int right = samples.Count(s => engine.Predict(s) is var p && p.PredictedLabel == s.Color && Math.Abs(p.Score.Sum() - 1) < 1e-5);
            Assert.InRange(right, 180, 200);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("Color")]
    [InlineData("Single")]
    [InlineData("Whole")]
    [InlineData("Large")]
    public void Keys_of_any_type_are_labels_and_come_back(string column)
    {
        MLContext ml = new(seed: 1);
        List<Sample> samples = Samples.List(60);
        foreach (Sample s in samples)
            s.Single = s.Whole / 4f;
        IDataView data = ml.Data.LoadFromEnumerable(samples);
        ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label", column)
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [8]), epochs: 2))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Back", "PredictedLabel"))
            .Fit(data);
        IDataView scored = model.Transform(data);

        Assert.Equal(data.Schema[column].Type, scored.Schema["Back"].Type);
        string[] values = [.. samples.Select(s => Convert.ToString(typeof(Sample).GetProperty(column)!.GetValue(s), CultureInfo.InvariantCulture)!).Distinct()];
        Assert.Equal(values, Schemas.Texts(scored.Schema["Score"], "SlotNames"));

        using MemoryStream stream = new();
        ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = ml.Model.Load(stream, out _);
        Assert.Equal(Schemas.Describe(scored.Schema), Schemas.Describe(loaded.GetOutputSchema(data.Schema)));
        ml.MulticlassClassification.Evaluate(loaded.Transform(data));
    }

    [Fact]
    public void Keys_of_every_type_come_back_from_a_file()
    {
        MLContext ml = new(seed: 1);
        IDataView raw = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Labels
        {
            Features = [i % 2, 1, 0, 0],
            Day = new DateTime(2024, 2, 28 + i % 2, 3, 4, 5, 678, DateTimeKind.Utc),
            Moment = new DateTimeOffset(2024, 2, 28 + i % 2, 3, 4, 5, TimeSpan.FromHours(5.5)),
            Span = TimeSpan.FromSeconds(90061.5 * (i % 2)),
            Real = Math.PI * (i % 2),
            Small = (sbyte)-(i % 2),
            Large = long.MaxValue - i % 2,
            Huge = ulong.MaxValue - (ulong)(i % 2),
        }).ToList());
        foreach (string column in (string[])["Day", "Moment", "Span", "Real", "Small", "Large", "Huge"])
        {
            // The network alone is saved: what stands around it is ML.NET's to keep.
            IDataView keys = ml.Transforms.Conversion.MapValueToKey("Label", column).Fit(raw).Transform(raw);
            var trainer = ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), epochs: 1);
            ITransformer model = trainer.Fit(keys);
            Schemas.Keeps(trainer.GetOutputSchema(Schemas.Shape(keys.Schema)), model.GetOutputSchema(keys.Schema));
            using MemoryStream stream = new();
            ml.Model.Save(model, null, stream);
            stream.Position = 0;
            IDataView data = Back(model), loaded = Back(ml.Model.Load(stream, out _));
            Assert.Equal(raw.Schema[column].Type, loaded.Schema["Back"].Type);
            Assert.Equal(Schemas.Describe(data.Schema), Schemas.Describe(loaded.Schema));
            Assert.Equal(Values(data), Values(loaded));

            IDataView Back(ITransformer transformer)
            {
                IDataView scored = transformer.Transform(keys);
                return ml.Transforms.Conversion.MapKeyToValue("Back", "PredictedLabel").Fit(scored).Transform(scored);
            }
        }

        static string[] Values(IDataView data) => [.. data.Preview().RowView.Select(r => Convert.ToString(r.Values.Single(v => v.Key == "Back").Value, CultureInfo.InvariantCulture)!)];
    }

    [Fact]
    public void Class_names_are_the_same_in_any_culture()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = new() { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            MLContext ml = new(seed: 1);
            List<Sample> samples = Samples.List(40);
            foreach (Sample s in samples)
                s.Single = s.Large ? 0.5f : -1.25f;
            IDataView data = ml.Data.LoadFromEnumerable(samples);
            ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label", "Single").Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), epochs: 1)).Fit(data);
            Assert.Equal(["-1.25", "0.5"], Schemas.Texts(model.GetOutputSchema(data.Schema)["Score"], "SlotNames").Order());
            using MemoryStream stream = new();
            ml.Model.Save(model, data.Schema, stream);
            stream.Position = 0;
            Assert.Equal(["-1.25", "0.5"], Schemas.Texts(ml.Model.Load(stream, out _).GetOutputSchema(data.Schema)["Score"], "SlotNames").Order());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Two_models_in_one_chain_keep_their_columns_apart()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Samples.View(ml);
        var first = ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Number", epochs: 1);
        var second = ml.BinaryClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Large", epochs: 1);
        DataViewSchema schema = first.Append(second).Fit(data).GetOutputSchema(data.Schema);

        Assert.Equal(2, schema.Count(c => c.Name == "Score"));
        Assert.Equal([1u, 2u], schema.Where(c => c.Name == "Score").Select(c => Schemas.Annotation<uint>(c, "ScoreColumnSetId")));
    }

    [Fact]
    public void Seed_of_the_context_decides_and_an_own_seed_overrides()
    {
        int[][] Scores(int contextSeed, int? seed)
        {
            MLContext ml = new(contextSeed);
            IDataView data = Samples.View(ml, 60);
            return Bits.Of(ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Number", "Features", new() { Epochs = 1, Seed = seed }).Fit(data).Transform(data), "Score");
        }

        Assert.Equal(Scores(1, null), Scores(1, null));
        Assert.NotEqual(Scores(1, null), Scores(2, null));
        Assert.Equal(Scores(1, 9), Scores(2, 9));
    }

    [Fact]
    public void Fitting_twice_gives_the_same_model()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Samples.View(ml, 60);
        var trainer = ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4], dropout: 0.2), "Number", epochs: 2);
        Assert.Equal(Bits.Of(trainer.Fit(data).Transform(data), "Score"), Bits.Of(trainer.Fit(data).Transform(data), "Score"));
    }

    [Fact]
    public void Options_given_to_a_trainer_are_not_changed()
    {
        MLContext ml = new(seed: 1);
        Estimators.RegressionNeuralNetworkTrainer.Options options = new() { Epochs = 1 };
        ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Number", "Features", options);
        Assert.Null(options.Network);
        Assert.Equal("Label", options.LabelColumnName);
    }

    private sealed class Labels : Point
    {
        public DateTime Day { get; set; }

        public DateTimeOffset Moment { get; set; }

        public TimeSpan Span { get; set; }

        public double Real { get; set; }

        public sbyte Small { get; set; }

        public long Large { get; set; }

        public ulong Huge { get; set; }
    }
}
