namespace MLNetDeep.Evaluation;

/// <summary>How an interval is read off the bootstrap's samples.</summary>
public enum BootstrapMethod
{
    /// <summary>Bias-corrected and accelerated (Efron 1987): the default. Corrects for a figure's bias and skew.</summary>
    BCa,

    /// <summary>The quantiles of the samples' figures.</summary>
    Percentile,
}
