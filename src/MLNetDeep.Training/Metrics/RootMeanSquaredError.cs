namespace MLNetDeep.Training.Metrics;

/// <summary>Square root of the mean squared difference between outputs and targets.</summary>
public sealed class RootMeanSquaredError : Metric
{
    /// <inheritdoc/>
    public override string Name => "rmse";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    protected override double Judge(ReadOnlySpan<float> output, ReadOnlySpan<float> target)
    {
        double sum = 0;
        for (int i = 0; i < target.Length; i++)
            sum += ((double)output[i] - target[i]) * ((double)output[i] - target[i]);
        return sum / target.Length;
    }

    /// <inheritdoc/>
    protected override double Finish(double mean) => Math.Sqrt(mean);
}
