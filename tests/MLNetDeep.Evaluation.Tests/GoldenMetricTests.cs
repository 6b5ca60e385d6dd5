using System.Text.Json;
using Microsoft.ML;
using MLNetDeep.Evaluation.Tests.Support;

namespace MLNetDeep.Evaluation.Tests;

/// <summary>Every figure against scikit-learn's.</summary>
public sealed class GoldenMetricTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData("plain")]
    [InlineData("weighted")]
    public void Binary_figures_are_scikit_learns(string kind)
    {
        DetailedBinaryMetrics metrics = Scored.Ml.BinaryClassification.EvaluateDetailed(Scored.Binary(), new() { Weight = kind == "weighted" ? "Weight" : null });
        Dictionary<string, double> extra = new()
        {
            ["f2"] = metrics.FBeta(2), ["f0.5"] = metrics.FBeta(0.5), ["gain_0.1"] = metrics.Gain(0.1), ["lift_0.25"] = metrics.Lift(0.25),
            ["cost"] = metrics.Cost(new(FalsePositive: 2, FalseNegative: 7, TruePositive: -1, TrueNegative: 0.5)),
            ["f1_macro"] = metrics.FBeta(1, Average.Macro), ["f1_micro"] = metrics.FBeta(1, Average.Micro), ["f1_weighted"] = metrics.FBeta(1, Average.Weighted),
        };
        Compare(Scored.Of("binary", kind), metrics.Values, extra);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("weighted")]
    public void Multiclass_figures_are_scikit_learns(string kind)
    {
        DetailedMulticlassMetrics metrics = Scored.Ml.MulticlassClassification.EvaluateDetailed(Scored.Multiclass(), new() { Weight = kind == "weighted" ? "Weight" : null });
        Dictionary<string, double> extra = new()
        {
            ["kappa_linear"] = metrics.CohenKappa(KappaWeights.Linear), ["kappa_quadratic"] = metrics.CohenKappa(KappaWeights.Quadratic), ["specificity_macro"] = metrics.Specificity(Average.Macro),
            ["top_2"] = metrics.TopKAccuracy(2), ["top_3"] = metrics.TopKAccuracy(3), ["roc_auc_ovr_weighted"] = metrics.RocAucOneVersusRest(Average.Weighted),
            ["roc_auc_ovo"] = metrics.RocAucOneVersusOne(Average.Macro), ["roc_auc_ovo_weighted"] = metrics.RocAucOneVersusOne(Average.Weighted),
        };
        foreach (Average average in Enum.GetValues<Average>())
        {
            string name = average.ToString().ToLowerInvariant();
            extra[$"precision_{name}"] = metrics.Precision(average);
            extra[$"recall_{name}"] = metrics.Recall(average);
            extra[$"f1_{name}"] = metrics.FBeta(1, average);
            extra[$"f2_{name}"] = metrics.FBeta(2, average);
        }

        Compare(Scored.Of("multiclass", kind), metrics.Values, extra, mayLack: kind == "weighted" ? ["roc_auc_ovo", "roc_auc_ovo_weighted"] : []);
        double[][] classes = [.. Scored.Of("multiclass", kind, "per_class").EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
        Assert.Equal(classes.Length, metrics.PerClass.Count);
        foreach ((double[] expected, ClassMetrics actual) in classes.Zip(metrics.PerClass))
            Assert.All(expected.Zip([actual.Precision, actual.Recall, actual.F1, actual.Support]), p => Assert.Equal(p.First, p.Second, Tolerance));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("weighted")]
    public void Regression_figures_are_scikit_learns(string kind) => Compare(
        Scored.Of("regression", kind), Scored.Ml.Regression.EvaluateDetailed(Scored.Regression(), new() { Weight = kind == "weighted" ? "Weight" : null }).Values, []);

    [Fact]
    public void Both_classes_figures_and_the_sweep_fit_together()
    {
        DetailedBinaryMetrics metrics = Scored.Ml.BinaryClassification.EvaluateDetailed(Scored.Binary());
        Assert.Equal(metrics.NegativePredictiveValue, metrics.PerClass[0].Precision, Tolerance);
        Assert.Equal(metrics.Specificity, metrics.PerClass[0].Recall, Tolerance);
        Assert.Equal(metrics.RocAuc, metrics.PerClass[0].RocAuc, Tolerance);
        Assert.Equal(metrics.F1, metrics.PerClass[1].F1, Tolerance);
        Assert.Equal((0, 1), (metrics.Thresholds[0].Recall, metrics.Thresholds[0].Specificity));
        Assert.Equal((1, 0), (metrics.Thresholds[^1].Recall, metrics.Thresholds[^1].Specificity));
        Assert.Equal(metrics.Thresholds.Select(t => t.Threshold).OrderDescending(), metrics.Thresholds.Select(t => t.Threshold));

        // Each threshold really gives the counts that are said of it.
        double[] scores = Scored.Numbers("binary", "score"), labels = Scored.Numbers("binary", "label");
        Assert.All(metrics.Thresholds, t => Assert.Equal(
            (scores.Zip(labels).Count(p => p.First > t.Threshold && p.Second > 0), scores.Zip(labels).Count(p => p.First > t.Threshold && p.Second == 0)), ((int)t.TruePositives, (int)t.FalsePositives)));
    }

    [Fact]
    public void A_decision_that_became_text_again_counts_as_the_key_did()
    {
        MLContext ml = Scored.Ml;
        List<Case> cases = Scored.Cases(60);
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(Scored.View(cases)).Transform(Scored.View(cases));
        IDataView scored = ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), epochs: 2).Fit(data).Transform(data);
        IDataView text = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored);
        Assert.Equal(ml.MulticlassClassification.EvaluateDetailed(scored).Values, ml.MulticlassClassification.EvaluateDetailed(text).Values);
        Assert.Equal(cases.Select(c => c.Color).Distinct(), ml.MulticlassClassification.EvaluateDetailed(text).ClassNames);
        Assert.Equal(ml.MulticlassClassification.Evaluate(scored).MicroAccuracy, ml.MulticlassClassification.EvaluateDetailed(text).Accuracy, 1e-9);
    }

    // All figures of the model are in the golden file, and all of the file's are checked.
    private static void Compare(JsonElement golden, IReadOnlyDictionary<string, double> values, Dictionary<string, double> extra, string[]? mayLack = null)
    {
        Dictionary<string, double> all = new(values);
        foreach ((string name, double value) in extra)
            all[name] = value;
        Dictionary<string, double> expected = golden.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Number).ToDictionary(p => p.Name, p => p.Value.GetDouble());
        Assert.Equal(expected.Keys.Order(), all.Keys.Except(mayLack ?? []).Order());
        Assert.All(expected, e => Assert.True(Math.Abs(e.Value - all[e.Key]) <= Tolerance, $"{e.Key}: {all[e.Key]:R}, expected {e.Value:R}"));
    }
}
