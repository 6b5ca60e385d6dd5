using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Evaluation.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Evaluation.Tests;

/// <summary>Decisions, calibration, folds, reports and importance around trainers of ML.NET's own, alone and behind pipelines, through files and in processes of their own.</summary>
public sealed class StockTrainerTests : IDisposable
{
    private static MLContext Ml => new(seed: 1);

    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-stock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Normalised text and numbers before it: all of it is fitted anew in every fold.
    private static IEstimator<ITransformer> Binary() => Ml.Transforms.Categorical.OneHotEncoding("Hot", "Color")
        .Append(Ml.Transforms.NormalizeMinMax("Features"))
        .Append(Ml.BinaryClassification.Trainers.LbfgsLogisticRegression());

    private static IEstimator<ITransformer> Multiclass() => Ml.Transforms.Conversion.MapValueToKey("Key", "Color").Append(Ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key"));

    private static List<Case> Cases() => Scored.Cases(600, 0.12);

    public static TheoryData<string> Aims => ["F1", "Youden", "GMean", "Cost", "Recall"];

    [Theory]
    [MemberData(nameof(Aims))]
    public void A_tuned_threshold_is_kept_in_the_model(string name)
    {
        ThresholdAim aim = name switch
        {
            "F1" => ThresholdAim.F1, "Youden" => ThresholdAim.Youden, "GMean" => ThresholdAim.GMean, "Cost" => ThresholdAim.Cost(new(FalsePositive: 1, FalseNegative: 15)), _ => ThresholdAim.PrecisionAtRecall(0.9),
        };
        List<Case> cases = Cases();
        IDataView data = Scored.View(cases);
        TransformerChain<ThresholdTransformer> model = Ml.BinaryClassification.TunedThreshold(Binary(), new() { Aim = aim }).Fit(data);
        DetailedBinaryMetrics plain = Ml.BinaryClassification.EvaluateDetailed(Binary().Fit(data).Transform(data)), tuned = Ml.BinaryClassification.EvaluateDetailed(model.Transform(data));
        Assert.True(tuned.Recall > plain.Recall + 0.2, $"{plain.Recall} and {tuned.Recall}");
        Assert.True(tuned.GMean > plain.GMean + 0.1);
        Assert.Equal(plain.RocAuc, tuned.RocAuc, 1e-6);
        Is_the_same_in_a_fresh_process(model, cases, "Score", "Probability", "PredictedLabel");
    }

    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Isotonic)]
    [InlineData(CalibrationMethod.Temperature)]
    [InlineData(CalibrationMethod.Beta)]
    [InlineData(CalibrationMethod.None)]
    public void Probabilities_that_balanced_rows_spoilt_are_put_right(CalibrationMethod method)
    {
        // Undersampling makes the model say one half where it is one in eight.
        List<Case> cases = Scored.Cases(1500, 0.12);
        IDataView data = Scored.View(cases);
        double kept = (double)cases.Count(c => c.Label) / cases.Count(c => !c.Label);
        IEstimator<ITransformer> balanced = Ml.Transforms.Imbalance.RandomUnderSampler(new() { Seed = 1 }).Around(Binary());
        double before = Ml.BinaryClassification.EvaluateDetailed(balanced.Fit(data).Transform(data)).ExpectedCalibrationError;
        var model = Ml.BinaryClassification.Calibrated(balanced, new() { Method = method, NegativesKept = method == CalibrationMethod.None ? kept : 1 }).Fit(data);
        DetailedBinaryMetrics after = Ml.BinaryClassification.EvaluateDetailed(model.Transform(data));
        Assert.True(before > 0.2, $"{before}");
        // One number cannot move all probabilities down: temperature is for models that are too sure.
        Assert.True(after.ExpectedCalibrationError < (method == CalibrationMethod.Temperature ? before + 0.05 : 0.06), $"{before} and {after.ExpectedCalibrationError}");
        Is_the_same_in_a_fresh_process(model, cases, "Score", "Probability", "PredictedLabel");
    }

    [Fact]
    public void Several_classes_are_calibrated()
    {
        List<Case> cases = Cases();
        var model = Ml.MulticlassClassification.Calibrated(Multiclass(), new() { StratifyColumn = "Color", Columns = new() { Label = "Key" } });
        IDataView keyed = Ml.Transforms.Conversion.MapValueToKey("Key", "Color").Fit(Scored.View(cases)).Transform(Scored.View(cases));
        var fitted = Ml.MulticlassClassification.Calibrated(Ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key"), new() { Columns = new() { Label = "Key" } }).Fit(keyed);
        Assert.InRange(fitted.LastTransformer.Temperature, 0.2, 5);
        Assert.True(fitted.LastTransformer.FromProbabilities);
        Is_the_same_in_a_fresh_process(model.Fit(Scored.View(cases)), cases, "Score", "PredictedLabel");
    }

    [Fact]
    public void Folds_are_stratified_and_repeated()
    {
        IDataView data = Scored.View(Cases());
        var summary = Ml.BinaryClassification.CrossValidateStratified(data, Binary(), new() { Folds = new() { NumberOfFolds = 4, Repeats = 2 } });
        Assert.Equal(8, summary.Folds.Count);
        Assert.True(summary.Mean("roc_auc") > 0.75);
        // A recall of next to nothing has no interval below nothing.
        Assert.All(summary.Names.Except(["log_loss"]), n => Assert.InRange(summary.Interval(n).Low, n is "mcc" or "kappa" or "youden" ? -1 : 0, summary.Interval(n).High));
        Assert.All(summary.Names.Except(["log_loss"]), n => Assert.InRange(summary.Interval(n).High, summary.Mean(n), 1));
        int positives = Cases().Count(c => c.Label);
        Assert.All(summary.Folds, f => Assert.InRange(f.Metrics.Counts[1, 0] + f.Metrics.Counts[1, 1], positives / 4, positives / 4 + 1));
        var balanced = Ml.BinaryClassification.CrossValidateStratified(data, Ml.Transforms.Imbalance.Smote(new() { Seed = 1 }).Around(Binary()), new() { Folds = new() { NumberOfFolds = 4, Repeats = 2 } });
        Assert.True(summary.CorrectedTTest(balanced, "recall").PValue < 0.01);
        var several = Ml.MulticlassClassification.CrossValidateStratified(data, Multiclass(), new() { Folds = new() { NumberOfFolds = 3 }, StratifyColumn = "Color", Columns = new() { Label = "Key" } });
        Assert.True(several.Mean("balanced_accuracy") > 0.4);
    }

    [Fact]
    public void Reports_and_importance_need_nothing_of_ours()
    {
        List<Case> cases = Cases();
        IDataView data = Scored.View(cases);
        ITransformer model = Binary().Fit(data);
        var importance = Ml.BinaryClassification.ColumnImportance(model, data, new() { Features = ["Features", "Color", "Id"] });
        Assert.Equal(["Features[0]", "Features[1]"], importance.Take(2).Select(i => i.Name));
        Assert.True(importance[0].Mean > 0.15);
        Assert.All(importance.Where(i => i.Name is "Color" or "Id"), i => Assert.Equal(0, i.Mean));
        string html = Ml.BinaryClassification.Report(model.Transform(data), new() { Importance = importance, Bootstrap = new() { Samples = 50 } }).ToHtml();
        Assert.Contains("<section id=\"importance\"", html, StringComparison.Ordinal);

        ITransformer several = Multiclass().Fit(data);
        using JsonDocument json = JsonDocument.Parse(Ml.MulticlassClassification.Report(several.Transform(data), new() { Columns = new() { Label = "Key" }, Bootstrap = null }).ToJson());
        Assert.Equal(3, json.RootElement.GetProperty("confusion").GetProperty("counts").GetArrayLength());
        // Colours go by the second feature, and by the label, which goes by the first.
        Assert.Equal(["Features[1]", "Features[0]", "X"], Ml.MulticlassClassification.ColumnImportance(several, data, new() { Features = ["Features", "X"], Columns = new() { Label = "Key" } }).Select(i => i.Name));
    }

    private void Is_the_same_in_a_fresh_process(ITransformer model, List<Case> cases, params string[] columns)
    {
        List<Case> rows = [.. cases.Take(60)];
        string file = Path.Combine(_folder, "model.zip");
        Ml.Model.Save(model, Scored.View(rows).Schema, file);
        Assert.Equal(FreshProcess.Describe(Ml, model, rows, columns), FreshProcess.Describe(file, rows, columns));
    }
}
