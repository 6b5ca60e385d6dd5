using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Evaluation.Tests.Support;

namespace MLNetDeep.Evaluation.Tests;

public sealed class CrossValidationTests
{
    private static MLContext Ml => Scored.Ml;

    [Fact]
    public void Out_of_fold_scores_are_those_of_the_model_that_did_not_learn_from_the_row()
    {
        List<Case> cases = Scored.Cases(120);
        IDataView data = Scored.View(cases);
        List<string> lines = [];
        var summary = Ml.BinaryClassification.CrossValidateStratified(
            data, Ml.BinaryClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), epochs: 2), new() { Folds = new() { NumberOfFolds = 3, Repeats = 2 }, Progress = lines.Add });
        Assert.Equal(6, summary.Folds.Count);
        Assert.Equal(6, lines.Count);
        for (int repeat = 0; repeat < 2; repeat++)
        {
            IDataView together = summary.OutOfFold(repeat);
            Assert.Equal(cases.Select(c => c.Id), together.GetColumn<float>("Id"));
            Assert.Equal(cases.Select(c => c.Label), together.GetColumn<bool>("Label"));
            float[] scores = [.. together.GetColumn<float>("Score")];
            int[] folds = [.. together.GetColumn<int>("Fold")];
            foreach (var fold in summary.Folds.Where(f => f.Repeat == repeat))
            {
                float[] all = [.. fold.Model.Transform(data).GetColumn<float>("Score")];
                int[] own = [.. Enumerable.Range(0, cases.Count).Where(i => folds[i] == fold.Fold)];
                Assert.Equal(own.Select(i => (float)cases[i].Id), fold.ScoredTestSet.GetColumn<float>("Id"));
                Assert.All(own, i => Assert.Equal(all[i], scores[i], 1e-5f));
            }

            Assert.Equal(summary.OutOfFoldMetrics(repeat).Values, Ml.BinaryClassification.EvaluateDetailed(together).Values);
        }

        Assert.Equal(summary.Folds.Average(f => f.Metrics.RocAuc), summary.Mean("roc_auc"), 1e-12);
        ConfidenceInterval interval = summary.Interval("roc_auc");
        double mean = summary.Mean("roc_auc"), half = Math.Max(mean - interval.Low, interval.High - mean);
        Assert.Equal((Math.Max(0, mean - half), Math.Min(1, mean + half)), (interval.Low, interval.High), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-12 && Math.Abs(a.Item2 - b.Item2) < 1e-12);
        Assert.True(half > 0);
        Assert.Contains("average_precision", summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_that_maps_labels_by_itself_gets_its_classes_put_in_one_order()
    {
        // Sorted by color, so that folds meet the classes in different orders.
        List<Case> cases = [.. Scored.Cases(90).OrderBy(c => c.Id % 7)];
        IDataView data = Scored.View(cases);
        var pipeline = Ml.Transforms.Conversion.MapValueToKey("Label", "Color").Append(Ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), epochs: 2));
        var summary = Ml.MulticlassClassification.CrossValidateStratified(data, pipeline, new() { StratifyColumn = "Color", Folds = new() { NumberOfFolds = 3, Seed = 4 } });
        IDataView together = summary.OutOfFold();
        string[] names = [.. summary.OutOfFoldMetrics().ClassNames];
        Assert.Equal(cases.Select(c => c.Color), together.GetColumn<uint>("Label").Select(k => names[k - 1]));
        string[] folds = [.. summary.Folds.Select(f => string.Join(' ', f.Metrics.ClassNames))];
        Assert.True(folds.Distinct().Count() > 1, "The test needs folds with the classes in different orders: " + folds[0]);
        float[][] scores = [.. together.GetColumn<float[]>("Score")];
        int[] fold = [.. together.GetColumn<int>("Fold")];
        foreach (var result in summary.Folds)
        {
            float[][] own = [.. result.ScoredTestSet.GetColumn<float[]>("Score")];
            int[] rows = [.. Enumerable.Range(0, cases.Count).Where(i => fold[i] == result.Fold)];
            for (int i = 0; i < rows.Length; i++)
                Assert.Equal(own[i], result.Metrics.ClassNames.Select(n => scores[rows[i]][Array.IndexOf(names, n)]));
        }

        Assert.Equal(summary.Folds.Sum(f => f.Metrics.Accuracy * f.Metrics.Count) / 90, summary.OutOfFoldMetrics().Accuracy, 1e-9);
    }

    [Fact]
    public void Regressions_are_cross_validated_too()
    {
        var pipeline = Ml.Transforms.CopyColumns("Score", "X");
        var summary = Ml.Regression.CrossValidateRepeated(Scored.View(Scored.Cases(60)), pipeline, new() { Columns = new() { Label = "Y" }, Folds = new() { Repeats = 2 } });
        Assert.Equal(10, summary.Folds.Count);
        Assert.Equal(summary.OutOfFoldMetrics(0).MeanAbsoluteError, summary.OutOfFoldMetrics(1).MeanAbsoluteError, 1e-12);
        Assert.Equal(summary.OutOfFoldMetrics().Values, Ml.Regression.EvaluateDetailed(summary.OutOfFold(), new() { Label = "Y" }).Values);
    }

    [Fact]
    public void The_corrected_t_test_is_that_of_the_paper()
    {
        double[] a = Scored.Numbers("tests", "a"), b = Scored.Numbers("tests", "b");
        PairedTest test = ModelComparison.CorrectedTTest("roc_auc", a, b, folds: 5, confidence: 0.95);
        Assert.Equal(Scored.Of("tests", "t").GetDouble(), test.Statistic, 1e-9);
        Assert.Equal(Scored.Of("tests", "p").GetDouble(), test.PValue, 1e-9);
        Assert.Equal(Scored.Of("tests", "low").GetDouble(), test.Difference.Low, 1e-9);
        Assert.Equal(Scored.Of("tests", "high").GetDouble(), test.Difference.High, 1e-9);
        Assert.Equal(1, ModelComparison.CorrectedTTest("roc_auc", a, a, 5, 0.95).PValue, 1e-12);
    }

    [Fact]
    public void McNemars_test_is_SciPys()
    {
        McNemarTest exact = ModelComparison.McNemar(6, 15), large = ModelComparison.McNemar(60, 95);
        Assert.True(exact.IsExact && !large.IsExact);
        Assert.Equal(Scored.Of("tests", "mcnemar_exact").GetDouble(), exact.PValue, 1e-9);
        Assert.Equal(Scored.Of("tests", "mcnemar_chi2").GetDouble(), large.PValue, 1e-9);
        Assert.Equal(1, ModelComparison.McNemar(0, 0).PValue);
        Assert.Equal(1, ModelComparison.McNemar(4, 4).PValue, 1e-12);
    }

    [Fact]
    public void A_better_model_is_found_better_and_itself_not()
    {
        IDataView data = Scored.View(Scored.Cases(400, 0.3));
        CrossValidationOptions options = new() { Folds = new() { Repeats = 2 } };
        var good = Ml.BinaryClassification.CrossValidateStratified(data, Scored.Formula(Ml), options);
        var bad = Ml.BinaryClassification.CrossValidateStratified(data, Ml.Transforms.CopyColumns("Score", "Y"), options);
        PairedTest test = good.CorrectedTTest(bad, "roc_auc");
        Assert.True(test.PValue < 0.01 && test.Difference.Low > 0, test.ToString());
        Assert.Equal(9, test.DegreesOfFreedom);
        Assert.True(ModelComparison.McNemar(good.OutOfFoldMetrics(), bad.OutOfFoldMetrics()).PValue < 0.01);
        ConfidenceInterval difference = ModelComparison.BootstrapDifference(good.OutOfFoldMetrics(), bad.OutOfFoldMetrics(), "roc_auc", new() { Samples = 200 });
        Assert.True(difference.Low > 0, difference.ToString());
        ConfidenceInterval none = ModelComparison.BootstrapDifference(good.OutOfFoldMetrics(), good.OutOfFoldMetrics(), "roc_auc", new() { Samples = 50 });
        Assert.Equal((0, 0, 0), (none.Value, none.Low, none.High));
        var others = Ml.BinaryClassification.CrossValidateStratified(data, Scored.Formula(Ml), new() { Folds = new() { Repeats = 2, Seed = 9 } });
        Assert.Contains("different folds", Assert.Throws<ArgumentException>(() => good.CorrectedTTest(others, "roc_auc")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_ends_the_run()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Ml.BinaryClassification.CrossValidateStratified(Scored.View(Scored.Cases()), Scored.Formula(Ml), new() { Cancellation = source.Token }));
    }
}
