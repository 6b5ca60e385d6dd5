namespace Microsoft.ML.Data;

/// <summary>How well numbers were predicted.</summary>
public sealed class RegressionMetrics
{
    internal RegressionMetrics(double meanAbsoluteError, double meanSquaredError, double rSquared)
    {
        MeanAbsoluteError = meanAbsoluteError;
        MeanSquaredError = meanSquaredError;
        RSquared = rSquared;
    }

    /// <summary>The mean distance of scores from labels.</summary>
    public double MeanAbsoluteError { get; }

    /// <summary>The mean squared distance of scores from labels.</summary>
    public double MeanSquaredError { get; }

    /// <summary>The square root of <see cref="MeanSquaredError"/>.</summary>
    public double RootMeanSquaredError => Math.Sqrt(MeanSquaredError);

    /// <summary>The mean of the loss function: the squared distance.</summary>
    public double LossFunction => MeanSquaredError;

    /// <summary>The share of the labels' variance that is explained.</summary>
    public double RSquared { get; }
}
