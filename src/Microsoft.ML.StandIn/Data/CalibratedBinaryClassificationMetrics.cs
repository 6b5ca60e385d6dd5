namespace Microsoft.ML.Data;

/// <summary>How well two classes were told apart, by scores and by probabilities.</summary>
public sealed class CalibratedBinaryClassificationMetrics : BinaryClassificationMetrics
{
    internal CalibratedBinaryClassificationMetrics(BinaryClassificationMetrics metrics, double logLoss, double entropy)
        : base(metrics)
    {
        LogLoss = logLoss;
        Entropy = entropy;
    }

    /// <summary>The mean of -log2 of the label's probability.</summary>
    public double LogLoss { get; }

    /// <summary>The share by which <see cref="LogLoss"/> is lower than <see cref="Entropy"/>.</summary>
    public double LogLossReduction => (Entropy - LogLoss) / Entropy;

    /// <summary>The log-loss of always giving the positive rows' share.</summary>
    public double Entropy { get; }
}
