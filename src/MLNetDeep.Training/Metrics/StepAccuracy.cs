namespace MLNetDeep.Training.Metrics;

/// <summary>Share of a sequence's steps whose largest output is that of the right class, of steps that have one: targets as <see cref="Losses.StepCrossentropy"/> takes them.</summary>
public sealed class StepAccuracy : Metric
{
    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override void Update(ReadOnlySpan<float> outputs, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights)
    {
        int steps = labels.Length / 2, classes = outputs.Length / steps, stepsOfRow = weights.IsEmpty ? steps : steps / weights.Length;
        for (int step = 0; step < steps; step++)
        {
            if (labels[2 * step + 1] != 0)
                Add(CategoricalAccuracy.Largest(outputs.Slice(step * classes, classes)) == labels[2 * step] ? 1 : 0, weights.IsEmpty ? 1 : weights[step / stepsOfRow]);
        }
    }
}
