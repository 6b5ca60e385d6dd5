namespace MLNetDeep.Training.Metrics;

/// <summary>Mean absolute difference between outputs and targets.</summary>
public sealed class MeanAbsoluteErrorMetric : Metric
{
    /// <inheritdoc/>
    public override string Name => "mae";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    protected override double Judge(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
    {
        double sum = 0;
        for (int i = 0; i < target.Length; i++)
            sum += Math.Abs((double)output[i] - target[i]);
        return sum / target.Length;
    }
}
