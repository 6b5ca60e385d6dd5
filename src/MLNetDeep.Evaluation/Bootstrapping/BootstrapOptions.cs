namespace MLNetDeep.Evaluation;

/// <summary>How confidence intervals are computed.</summary>
public sealed record BootstrapOptions
{
    /// <summary>How many samples are drawn. Default 1000.</summary>
    public int Samples { get; init; } = 1000;

    /// <summary>How often an interval should hold the true value. Default 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>How intervals are read off the samples. Default BCa.</summary>
    public BootstrapMethod Method { get; init; } = BootstrapMethod.BCa;

    /// <summary>The seed. Default 1.</summary>
    public int Seed { get; init; } = 1;

    internal void Check()
    {
        if (Samples < 20)
            throw new ArgumentException($"{nameof(Samples)} is {Samples}; an interval needs at least 20, better 1000.");
        if (Confidence is not (> 0 and < 1))
            throw new ArgumentException($"{nameof(Confidence)} is {Confidence}; expected above 0 and below 1, for instance 0.95.");
    }
}
