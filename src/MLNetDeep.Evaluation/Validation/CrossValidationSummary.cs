using System.Globalization;
using System.Text;
using MathNet.Numerics.Distributions;
using Microsoft.ML;

namespace MLNetDeep.Evaluation;

/// <summary>What a cross-validation gave: by fold, and together.</summary>
/// <typeparam name="TMetrics">The figures.</typeparam>
public sealed class CrossValidationSummary<TMetrics>
    where TMetrics : DetailedMetrics
{
    private readonly TMetrics[] _outOfFold;
    private readonly IDataView[] _views;

    internal CrossValidationSummary(IReadOnlyList<FoldResult<TMetrics>> folds, int[][] dealt, int numberOfFolds, TMetrics[] outOfFold, IDataView[] views)
    {
        Folds = folds;
        Dealt = dealt;
        NumberOfFolds = numberOfFolds;
        _outOfFold = outOfFold;
        _views = views;
    }

    /// <summary>The folds, repeat by repeat.</summary>
    public IReadOnlyList<FoldResult<TMetrics>> Folds { get; }

    /// <summary>Folds in a repeat.</summary>
    public int NumberOfFolds { get; }

    /// <summary>How often rows were dealt out.</summary>
    public int Repeats => _views.Length;

    /// <summary>Names of the figures.</summary>
    public IEnumerable<string> Names => Folds[0].Metrics.Values.Keys;

    internal int[][] Dealt { get; }

    /// <summary>
    /// The rows in their order, each with the columns that the model gave that had not learned from it (label, score, decision and, where there is one, probability)
    /// and the fold it was in (<c>Fold</c>, Int32). Several classes have keys and slots in one order whatever the folds' models had.
    /// </summary>
    /// <param name="repeat">Which dealing out, from 0.</param>
    public IDataView OutOfFold(int repeat = 0) => _views[Checked(repeat)];

    /// <summary>The figures of all rows, each scored by the model that had not learned from it.</summary>
    /// <param name="repeat">Which dealing out, from 0.</param>
    public TMetrics OutOfFoldMetrics(int repeat = 0) => _outOfFold[Checked(repeat)];

    /// <summary>A figure of each fold.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name; the message lists those there are.</exception>
    public IReadOnlyList<double> Values(string metric) => [.. Folds.Select(f => f.Metrics[metric])];

    /// <summary>The mean of a figure over folds.</summary>
    public double Mean(string metric) => Values(metric).Average();

    /// <summary>The standard deviation of a figure over folds.</summary>
    public double StandardDeviation(string metric) => Math.Sqrt(Variance(Values(metric)));

    /// <summary>
    /// A confidence interval of the mean of a figure: Student's t with the variance that Nadeau and Bengio (2003) correct for that folds share most of their training rows,
    /// cut off where the figure itself ends (a recall lies between 0 and 1).
    /// </summary>
    /// <param name="metric">Name of the figure.</param>
    /// <param name="confidence">How often the interval should hold the true mean.</param>
    public ConfidenceInterval Interval(string metric, double confidence = 0.95)
    {
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Expected above 0 and below 1.");
        IReadOnlyList<double> values = Values(metric);
        double mean = values.Average(), half = StudentT.InvCDF(0, 1, values.Count - 1, (1 + confidence) / 2) * CorrectedError(values, NumberOfFolds);
        (double least, double most) = Range(metric);
        return new(mean, Math.Max(least, mean - half), Math.Min(most, mean + half), confidence);
    }

    /// <summary>A table: a line for each figure, with mean, standard deviation and interval.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        int width = Names.Max(n => n.Length);
        foreach (string name in Names)
        {
            ConfidenceInterval interval = Interval(name);
            text.Append(CultureInfo.InvariantCulture, $"{name.PadRight(width)}  {interval.Value,8:F4} ± {StandardDeviation(name):F4}  [{interval.Low:F4}, {interval.High:F4}]\n");
        }

        return text.ToString();
    }

    // Standard error of a mean over folds; a fold's test rows are 1 / (folds - 1) of its training rows.
    internal static double CorrectedError(IReadOnlyList<double> values, int folds) => Math.Sqrt((1.0 / values.Count + 1.0 / (folds - 1)) * Variance(values));

    private static (double Least, double Most) Range(string metric) => metric switch
    {
        "mcc" or "kappa" or "youden" => (-1, 1),
        "log_loss" or "mae" or "rmse" or "mape" or "max_error" => (0, double.PositiveInfinity),
        "brier" => (0, typeof(TMetrics) == typeof(DetailedMulticlassMetrics) ? 2 : 1),
        "r2" or "explained_variance" => (double.NegativeInfinity, 1),
        "bias" => (double.NegativeInfinity, double.PositiveInfinity),
        _ => (0, 1),
    };

    private static double Variance(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
    }

    private int Checked(int repeat) => repeat >= 0 && repeat < Repeats ? repeat : throw new ArgumentOutOfRangeException(nameof(repeat), repeat, $"Expected 0 to {Repeats - 1}.");
}
