using MLNetDeep.Evaluation.Samples;

namespace MLNetDeep.Evaluation;

/// <summary>Figures of a regression. Definitions and values are scikit-learn's.</summary>
public sealed class DetailedRegressionMetrics : DetailedMetrics
{
    internal DetailedRegressionMetrics(RegressionSample sample)
        : base(sample) => Sample = sample;

    /// <summary>Mean distance of prediction and label.</summary>
    public double MeanAbsoluteError => this["mae"];

    /// <summary>Root of the mean square of their difference.</summary>
    public double RootMeanSquaredError => this["rmse"];

    /// <summary>Share of the label's variance that is explained; below 0 for a model worse than the mean.</summary>
    public double RSquared => this["r2"];

    /// <summary>The same without what a constant would mend.</summary>
    public double ExplainedVariance => this["explained_variance"];

    /// <summary>Mean of the distance as a share of the label. Huge where labels are near 0.</summary>
    public double MeanAbsolutePercentageError => this["mape"];

    /// <summary>Mean of prediction minus label.</summary>
    public double Bias => this["bias"];

    /// <summary>The largest distance.</summary>
    public double MaxError => this["max_error"];

    internal RegressionSample Sample { get; }
}
