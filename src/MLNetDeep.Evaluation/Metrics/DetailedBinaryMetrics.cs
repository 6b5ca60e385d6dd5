using MLNetDeep.Evaluation.Samples;

namespace MLNetDeep.Evaluation;

/// <summary>
/// Figures for two classes that stay honest when one is rare. Where a figure would divide by nothing (the precision of a model that takes no row for
/// positive) it is 0. Definitions and values are scikit-learn's.
/// </summary>
public sealed class DetailedBinaryMetrics : DetailedMetrics
{
    private readonly BinarySample _sample;
    private IReadOnlyList<ThresholdPoint>? _sweep;

    internal DetailedBinaryMetrics(BinarySample sample)
        : base(sample) => _sample = sample;

    /// <summary>The decisions as they were made: their counts, weighted.</summary>
    public ThresholdPoint Decisions
    {
        get
        {
            double[,] counts = Counts;
            return new(double.NaN, counts[1, 1], counts[0, 1], counts[0, 0], counts[1, 0]);
        }
    }

    /// <summary>Share of right decisions. High for a model that never finds a rare class: look at the others.</summary>
    public double Accuracy => this["accuracy"];

    /// <summary>Mean of recall and specificity; 0.5 for a model that knows nothing.</summary>
    public double BalancedAccuracy => this["balanced_accuracy"];

    /// <summary>Share of the rows taken for positive that are.</summary>
    public double Precision => this["precision"];

    /// <summary>Share of the positive rows that are found.</summary>
    public double Recall => this["recall"];

    /// <summary>Share of the negative rows that are let pass.</summary>
    public double Specificity => this["specificity"];

    /// <summary>Share of the rows let pass that are negative.</summary>
    public double NegativePredictiveValue => this["negative_predictive_value"];

    /// <summary>Harmonic mean of precision and recall.</summary>
    public double F1 => this["f1"];

    /// <summary>Geometric mean of recall and specificity.</summary>
    public double GMean => this["g_mean"];

    /// <summary>Matthews' correlation of decisions and labels, -1 to 1.</summary>
    public double MatthewsCorrelation => this["mcc"];

    /// <summary>Cohen's kappa: agreement beyond chance.</summary>
    public double CohenKappa => this["kappa"];

    /// <summary>Youden's J: recall + specificity - 1.</summary>
    public double Youden => this["youden"];

    /// <summary>Area under the ROC curve.</summary>
    public double RocAuc => this["roc_auc"];

    /// <summary>Average precision: area under the precision-recall curve, by steps. The share of positive rows for a model that knows nothing.</summary>
    public double AveragePrecision => this["average_precision"];

    /// <summary>Area under the precision-recall curve by trapezoids: a little too good, but what many papers state.</summary>
    public double PrecisionRecallAuc => this["pr_auc"];

    /// <summary>Brier score: mean square of probability minus label. Only where there are probabilities.</summary>
    /// <exception cref="KeyNotFoundException">The scored data has no probabilities.</exception>
    public double BrierScore => this["brier"];

    /// <summary>Mean of minus the natural logarithm of the probability of what happened. Only where there are probabilities.</summary>
    /// <exception cref="KeyNotFoundException">The scored data has no probabilities.</exception>
    public double LogLoss => this["log_loss"];

    /// <summary>Expected calibration error, over 10 bins of equal width. Only where there are probabilities.</summary>
    /// <exception cref="KeyNotFoundException">The scored data has no probabilities.</exception>
    public double ExpectedCalibrationError => this["ece"];

    /// <summary>The weight of rows by true (first index) and predicted class; 1 is true.</summary>
    public double[,] Counts => Confusion.Count(_sample.Strata, [.. _sample.Predicted.Select(p => p ? 1 : 0)], _sample.Weights, 2);

    /// <summary>The figures of each class.</summary>
    public IReadOnlyList<ClassMetrics> PerClass
    {
        get
        {
            ThresholdPoint d = Decisions;
            double[] flipped = [.. _sample.Scores.Select(s => -s)];
            (double roc, double averagePrecision, _) = Ranking.Areas(Ranking.Order(flipped), flipped, i => !_sample.Labels[i], _sample.Weights);
            double negative = Confusion.Ratio(d.TrueNegatives, d.TrueNegatives + d.FalseNegatives);
            return
            [
                new(_sample.ClassNames[0], d.TrueNegatives + d.FalsePositives, d.TrueNegatives + d.FalseNegatives, negative, d.Specificity, d.Recall, Confusion.FBeta(negative, d.Specificity, 1), roc, averagePrecision),
                new(_sample.ClassNames[1], d.TruePositives + d.FalseNegatives, d.TruePositives + d.FalsePositives, d.Precision, d.Recall, d.Specificity, d.FBeta(), RocAuc, AveragePrecision),
            ];
        }
    }

    /// <summary>What comes of every threshold on the score that makes a difference, from the highest to the lowest: the points of the ROC and precision-recall curves.</summary>
    public IReadOnlyList<ThresholdPoint> Thresholds => _sweep ??= _sample.Sweep();

    internal BinarySample Sample => _sample;

    /// <summary>F-beta of the positive class: recall counts <paramref name="beta"/> times as much as precision.</summary>
    public double FBeta(double beta) => Decisions.FBeta(Positive(beta, nameof(beta)));

    /// <summary>F-beta of both classes, averaged.</summary>
    public double FBeta(double beta, Average average) => Confusion.Average(Counts, Positive(beta, nameof(beta)), average).FBeta;

    /// <summary>Share of the positive rows among the best-scored <paramref name="share"/> of the rows. Rows of one score count evenly.</summary>
    /// <param name="share">From above 0 to 1.</param>
    public double Gain(double share)
    {
        if (share is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "Expected above 0 and at most 1.");
        double total = Thresholds[0].TrueNegatives + Thresholds[0].FalseNegatives, positives = Thresholds[0].FalseNegatives, wanted = share * total;
        ThresholdPoint last = Thresholds[0];
        foreach (ThresholdPoint point in Thresholds)
        {
            double taken = point.TruePositives + point.FalsePositives, before = last.TruePositives + last.FalsePositives;
            if (taken >= wanted && taken > before)
                return (last.TruePositives + (point.TruePositives - last.TruePositives) * (wanted - before) / (taken - before)) / positives;
            last = point;
        }

        return 1;
    }

    /// <summary>How many times as many positive rows are among the best-scored <paramref name="share"/> of the rows as among as many drawn at random.</summary>
    /// <param name="share">From above 0 to 1.</param>
    public double Lift(double share) => Gain(share) / share;

    /// <summary>What the decisions cost, in total.</summary>
    public double Cost(CostMatrix costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        return costs.Of(Decisions);
    }

    /// <summary>The points of a calibration plot.</summary>
    /// <param name="bins">Bins of equal width; those without rows are left out.</param>
    /// <exception cref="InvalidOperationException">The scored data has no probabilities.</exception>
    public IReadOnlyList<CalibrationBin> CalibrationCurve(int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        return Reliability.Bins(_sample.Probabilities ?? throw new InvalidOperationException("The scored data has no probability column, so there is nothing to calibrate. ml.BinaryClassification.Calibration gives one."), i => _sample.Labels[i], _sample.Weights, bins);
    }

    private static double Positive(double beta, string name) => beta > 0 ? beta : throw new ArgumentOutOfRangeException(name, beta, "Expected above 0.");
}
