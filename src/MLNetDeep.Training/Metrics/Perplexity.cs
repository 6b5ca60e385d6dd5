namespace MLNetDeep.Training.Metrics;

/// <summary>
/// Between how many tokens, all equally likely, the network would have to choose to be as unsure as it is: e to the mean of the right tokens' negative logarithms of
/// probability, over the steps that have one. Outputs are probabilities, targets as <see cref="Losses.StepCrossentropy"/> takes them.
/// </summary>
public sealed class Perplexity : Metric
{
    /// <summary>What a probability counts at least, as in the cross-entropy: one token that was thought impossible does not drown all others.</summary>
    public const float Least = 1e-7f;

    /// <inheritdoc/>
    public override string Name => "perplexity";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<float> outputs, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights)
    {
        int steps = labels.Length / 2, classes = outputs.Length / steps, stepsOfRow = weights.IsEmpty ? steps : steps / weights.Length;
        for (int step = 0; step < steps; step++)
        {
            float weight = weights.IsEmpty ? 1 : weights[step / stepsOfRow];
            if (labels[2 * step + 1] != 0 && weight != 0)
                Add(-Math.Log(Math.Max(outputs[step * classes + labels[2 * step]], Least)), weight);
        }
    }

    /// <inheritdoc/>
    protected override double Finish(double mean) => Math.Exp(mean);
}
