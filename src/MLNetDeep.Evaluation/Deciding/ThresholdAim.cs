using System.Globalization;
using MLNetDeep.Evaluation.Samples;

namespace MLNetDeep.Evaluation;

/// <summary>What a threshold is chosen for.</summary>
public sealed class ThresholdAim
{
    private readonly string _name;
    private readonly Func<ThresholdPoint, double> _value;
    private readonly Func<ThresholdPoint, bool> _allowed;
    private readonly Func<IReadOnlyList<ThresholdPoint>, string>? _unreached;

    private ThresholdAim(string name, Func<ThresholdPoint, double> value, Func<ThresholdPoint, bool>? allowed = null, Func<IReadOnlyList<ThresholdPoint>, string>? unreached = null)
    {
        _name = name;
        _value = value;
        _allowed = allowed ?? (_ => true);
        _unreached = unreached;
    }

    /// <summary>The highest harmonic mean of precision and recall.</summary>
    public static ThresholdAim F1 { get; } = FBeta(1);

    /// <summary>The highest recall + specificity - 1 (Youden 1950).</summary>
    public static ThresholdAim Youden { get; } = new("Youden's J", p => p.Youden);

    /// <summary>The highest geometric mean of recall and specificity.</summary>
    public static ThresholdAim GMean { get; } = new("G-mean", p => p.GMean);

    /// <summary>The highest Matthews' correlation.</summary>
    public static ThresholdAim MatthewsCorrelation { get; } = new("Matthews' correlation", p => p.MatthewsCorrelation);

    /// <summary>The highest F-beta: recall counts <paramref name="beta"/> times as much as precision.</summary>
    public static ThresholdAim FBeta(double beta) => beta > 0
        ? new(string.Create(CultureInfo.InvariantCulture, $"F{beta}"), p => p.FBeta(beta))
        : throw new ArgumentOutOfRangeException(nameof(beta), beta, "Expected above 0.");

    /// <summary>The highest recall at which the precision is at least so high.</summary>
    /// <param name="precision">From 0 to 1.</param>
    public static ThresholdAim RecallAtPrecision(double precision) => new(
        string.Create(CultureInfo.InvariantCulture, $"recall at a precision of {precision}"),
        p => p.Recall,
        p => p.Precision >= Share(precision, nameof(precision)) && p.TruePositives > 0,
        points => string.Create(CultureInfo.InvariantCulture, $"the highest precision is {points.Max(p => p.Precision):F3}"));

    /// <summary>The highest precision at which the recall is at least so high.</summary>
    /// <param name="recall">From 0 to 1.</param>
    public static ThresholdAim PrecisionAtRecall(double recall) => new(
        string.Create(CultureInfo.InvariantCulture, $"precision at a recall of {recall}"), p => p.Precision, p => p.Recall >= Share(recall, nameof(recall)));

    /// <summary>The lowest total cost.</summary>
    public static ThresholdAim Cost(CostMatrix costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        return new("cost", p => -costs.Of(p));
    }

    /// <summary>What it is.</summary>
    public override string ToString() => _name;

    // Of equally good thresholds the highest: it takes the fewest rows for positive.
    internal ThresholdPoint Best(BinarySample sample)
    {
        ThresholdPoint[] points = [.. sample.Sweep().Where(p => double.IsFinite(p.Threshold))];
        return points.Where(_allowed).Select(p => (Point: p, Value: _value(p))).OrderByDescending(p => p.Value).Select(p => p.Point).FirstOrDefault()
            ?? throw new InvalidOperationException($"No threshold reaches the aim, {_name}{(_unreached is null || points.Length == 0 ? "" : $"; {_unreached(points)}")}. Ask for less, or train a better model.");
    }

    private static double Share(double value, string name) => value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected 0 to 1.");
}
