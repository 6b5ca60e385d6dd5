using Microsoft.ML;
using MLNetDeep.Evaluation.Bootstrapping;
using MLNetDeep.Evaluation.Tests.Support;

namespace MLNetDeep.Evaluation.Tests;

public sealed class BootstrapTests
{
    [Theory]
    [InlineData(BootstrapMethod.BCa)]
    [InlineData(BootstrapMethod.Percentile)]
    public void Intervals_hold_the_figure_repeat_by_seed_and_widen_with_confidence(BootstrapMethod method)
    {
        DetailedBinaryMetrics metrics = Scored.Ml.BinaryClassification.EvaluateDetailed(Scored.Binary());
        BootstrapOptions options = new() { Samples = 300, Method = method };
        var intervals = metrics.ConfidenceIntervals(options);
        Assert.Equal(metrics.Values.Keys, intervals.Keys);
        Assert.Equal(intervals, metrics.ConfidenceIntervals(options));
        Assert.NotEqual(intervals["roc_auc"], metrics.ConfidenceIntervals(options with { Seed = 2 })["roc_auc"]);
        var narrow = metrics.ConfidenceIntervals(options with { Confidence = 0.5 });
        foreach ((string name, ConfidenceInterval interval) in intervals.Where(i => i.Key != "ece"))
        {
            Assert.InRange(interval.Value, interval.Low, interval.High);
            Assert.True(narrow[name].High - narrow[name].Low < interval.High - interval.Low, name);
        }
    }

    [Fact]
    public void The_interval_of_a_share_is_about_the_binomial_one()
    {
        // 80 of 100 positives and 150 of 200 negatives are right: the recall's standard error is sqrt(.8 * .2 / 100).
        List<BinaryRow> rows = [.. Enumerable.Range(0, 300).Select(i => new BinaryRow { Label = i < 100, PredictedLabel = i is < 80 or >= 100 and < 150, Score = i < 80 || i is >= 100 and < 150 ? 1 : -1, Probability = 0.5f })];
        ConfidenceInterval recall = Scored.Ml.BinaryClassification.EvaluateDetailed(Scored.Ml.Data.LoadFromEnumerable(rows)).ConfidenceIntervals(new() { Samples = 4000 })["recall"];
        Assert.Equal(0.8, recall.Value, 1e-12);
        Assert.InRange(recall.High - recall.Low, 2 * 1.96 * 0.04 - 0.02, 2 * 1.96 * 0.04 + 0.02);
    }

    [Fact]
    public void BCa_moves_the_quantiles_by_bias_and_skew()
    {
        double[] draws = [.. Enumerable.Range(0, 10001).Select(i => i / 10000.0)];
        ConfidenceInterval plain = Bootstrap.Interval(0.5, draws, null, 0.9);
        Assert.Equal((0.05, 0.95), (Math.Round(plain.Low, 6), Math.Round(plain.High, 6)));

        // Without skew, and the figure at the samples' 0.6 quantile: z0 = 0.253347, so the 5 % quantile becomes that of cdf(2 z0 - 1.644854).
        ConfidenceInterval biased = Bootstrap.Interval(0.6, draws, [1, 1, 1], 0.9);
        Assert.Equal(0.12752, biased.Low, 1e-3);
        Assert.Equal(0.98425, biased.High, 1e-3);
    }
}
