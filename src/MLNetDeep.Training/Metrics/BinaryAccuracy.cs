namespace MLNetDeep.Training.Metrics;

/// <summary>Share of rows whose probability is on the right side of a threshold.</summary>
/// <param name="threshold">Probabilities above it say yes. Default 0.5.</param>
public sealed class BinaryAccuracy(float threshold = 0.5f) : Metric
{
    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    protected override double Judge(ReadOnlySpan<float> output, ReadOnlySpan<float> target) => output[0] > threshold == target[0] > 0.5f ? 1 : 0;
}
