using MathNet.Numerics.Distributions;
using MLNetDeep.Evaluation.Bootstrapping;
using MLNetDeep.Evaluation.Samples;

namespace MLNetDeep.Evaluation;

/// <summary>Tests whether one model is better than another, on the same rows.</summary>
public static class ModelComparison
{
    private const int MostExact = 25;

    /// <summary>
    /// The corrected resampled t-test of Nadeau and Bengio (2003) over the folds of two cross-validations. A plain t-test finds differences where there are none,
    /// as folds share most of their training rows.
    /// </summary>
    /// <typeparam name="TMetrics">The figures.</typeparam>
    /// <param name="first">A cross-validation.</param>
    /// <param name="second">One with the same folds: the same data, options and seed.</param>
    /// <param name="metric">Name of the figure.</param>
    /// <param name="confidence">How often the interval of the difference should hold the true one.</param>
    /// <exception cref="ArgumentException">The folds are not the same.</exception>
    public static PairedTest CorrectedTTest<TMetrics>(this CrossValidationSummary<TMetrics> first, CrossValidationSummary<TMetrics> second, string metric, double confidence = 0.95)
        where TMetrics : DetailedMetrics
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Dealt.Length != second.Dealt.Length || !first.Dealt.Zip(second.Dealt).All(p => p.First.AsSpan().SequenceEqual(p.Second)))
            throw new ArgumentException("The two cross-validations have different folds; a paired test needs the same data, fold options and seed.", nameof(second));
        return CorrectedTTest(metric, first.Values(metric), second.Values(metric), first.NumberOfFolds, confidence);
    }

    /// <summary>McNemar's test of the decisions of two classifiers on the same rows, for instance out-of-fold ones. Row weights do not count.</summary>
    /// <param name="first">Figures of the first.</param>
    /// <param name="second">Figures of the second on the same rows in the same order.</param>
    /// <exception cref="ArgumentException">The rows or labels are not the same, or it is no classification.</exception>
    public static McNemarTest McNemar(DetailedMetrics first, DetailedMetrics second)
    {
        CheckSameRows(first, second);
        if (Right(first.AnySample) is not { } a || Right(second.AnySample) is not { } b)
            throw new ArgumentException("McNemar's test compares right and wrong decisions; a regression has none. Use the corrected t-test or the bootstrap.");
        return McNemar(a.Zip(b).Count(p => p.First && !p.Second), a.Zip(b).Count(p => !p.First && p.Second));
    }

    /// <summary>The bootstrap interval of the difference of a figure between two models on the same rows: each sample of rows counts for both.</summary>
    /// <param name="first">Figures of the first.</param>
    /// <param name="second">Figures of the second on the same rows in the same order.</param>
    /// <param name="metric">Name of the figure.</param>
    /// <param name="options">How; null for 1,000 samples, 95 %. Intervals are percentiles.</param>
    /// <exception cref="ArgumentException">The rows or labels are not the same.</exception>
    public static ConfidenceInterval BootstrapDifference(DetailedMetrics first, DetailedMetrics second, string metric, BootstrapOptions? options = null)
    {
        CheckSameRows(first, second);
        options ??= new() { Method = BootstrapMethod.Percentile };
        options.Check();
        double difference = first[metric] - second[metric];
        int index = first.AnySample.Names.ToList().IndexOf(metric);
        double[][] draws = Bootstrap.Differences(first.AnySample, second.AnySample, options.Samples, options.Seed);
        return Bootstrap.Interval(difference, [.. draws.Select(d => d[index])], null, options.Confidence);
    }

    internal static PairedTest CorrectedTTest(string metric, IReadOnlyList<double> first, IReadOnlyList<double> second, int folds, double confidence)
    {
        double[] differences = [.. first.Zip(second, (a, b) => a - b)];
        int freedom = differences.Length - 1;
        double mean = differences.Average(), error = CrossValidationSummary<DetailedBinaryMetrics>.CorrectedError(differences, folds);
        double t = error > 0 ? mean / error : mean == 0 ? 0 : double.CopySign(double.PositiveInfinity, mean);
        double half = StudentT.InvCDF(0, 1, freedom, (1 + confidence) / 2) * error;
        double p = double.IsInfinity(t) ? 0 : 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(t));
        return new(metric, new(mean, mean - half, mean + half, confidence), t, freedom, p);
    }

    internal static McNemarTest McNemar(int onlyFirst, int onlySecond)
    {
        int rows = onlyFirst + onlySecond;
        if (rows == 0)
            return new(0, 0, 1, true);
        if (rows <= MostExact)
            return new(onlyFirst, onlySecond, Math.Min(1, 2 * Binomial.CDF(0.5, rows, Math.Min(onlyFirst, onlySecond))), true);
        double distance = Math.Max(0, Math.Abs(onlyFirst - onlySecond) - 1);
        return new(onlyFirst, onlySecond, 1 - ChiSquared.CDF(1, distance * distance / rows), false);
    }

    private static void CheckSameRows(DetailedMetrics first, DetailedMetrics second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.GetType() != second.GetType() || !Labels(first.AnySample).AsSpan().SequenceEqual(Labels(second.AnySample)))
            throw new ArgumentException("The two models were not scored on the same rows in the same order: their labels differ.", nameof(second));
    }

    private static double[] Labels(Sample sample) => sample is RegressionSample regression ? regression.Labels : [.. sample.Strata!.Select(s => (double)s)];

    private static bool[]? Right(Sample sample) => sample switch
    {
        BinarySample binary => [.. binary.Labels.Zip(binary.Predicted, (l, p) => l == p)],
        MulticlassSample multiclass => [.. multiclass.Labels.Zip(multiclass.Predicted, (l, p) => l == p)],
        _ => null,
    };
}
