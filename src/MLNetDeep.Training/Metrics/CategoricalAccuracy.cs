namespace MLNetDeep.Training.Metrics;

/// <summary>Share of rows whose largest output is that of the right class.</summary>
public sealed class CategoricalAccuracy : Metric
{
    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    protected override double Judge(ReadOnlySpan<float> output, int label) => Largest(output) == label ? 1 : 0;

    // The first of equals.
    internal static int Largest(ReadOnlySpan<float> output)
    {
        int best = 0;
        for (int i = 1; i < output.Length; i++)
        {
            if (output[i] > output[best])
                best = i;
        }

        return best;
    }
}
