namespace MLNetDeep.Training.Metrics;

/// <summary>A figure of how good outputs are, gathered over the batches of an epoch; it does not enter training. A new one is a class that judges one row.</summary>
public abstract class Metric
{
    private double _sum, _weight;

    /// <summary>Its name in <see cref="History"/>; the validation rows' has <c>val_</c> before it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether more is better.</summary>
    public abstract bool HigherIsBetter { get; }

    /// <summary>The figure for the rows since <see cref="Reset"/>; NaN if there were none.</summary>
    public double Result => Finish(_sum / _weight);

    /// <summary>Forgets all rows.</summary>
    public void Reset() => _sum = _weight = 0;

    /// <summary>Takes up a batch with class numbers as targets. Each step of a sequence that has a class of its own counts as a row.</summary>
    /// <param name="outputs">The network's outputs, row by row.</param>
    /// <param name="labels">The right class of each row, or of each step of each row.</param>
    /// <param name="weights">Weight of each label, or of each row; empty for ones. What weighs 0 is not looked at.</param>
    public virtual void Update(ReadOnlySpan<float> outputs, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights)
    {
        int size = outputs.Length / labels.Length, share = weights.IsEmpty ? 1 : labels.Length / weights.Length;
        for (int i = 0; i < labels.Length; i++)
        {
            float weight = weights.IsEmpty ? 1 : weights[i / share];
            if (weight != 0)
                Add(Judge(outputs.Slice(i * size, size), labels[i]), weight);
        }
    }

    /// <summary>Takes up a batch with numbers as targets.</summary>
    /// <param name="outputs">The network's outputs, row by row.</param>
    /// <param name="targets">What they should be, of as many elements.</param>
    /// <param name="weights">Weight of each row; empty for ones. What weighs 0 is not looked at.</param>
    /// <param name="rows">Number of rows; of steps where each is to be judged on its own.</param>
    public void Update(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, int rows)
    {
        int outputSize = outputs.Length / rows, targetSize = targets.Length / rows;
        for (int i = 0; i < rows; i++)
        {
            float weight = weights.IsEmpty ? 1 : weights[i];
            if (weight != 0)
                Add(Judge(outputs.Slice(i * outputSize, outputSize), targets.Slice(i * targetSize, targetSize)), weight);
        }
    }

    /// <summary>The figure of a row whose right class is known.</summary>
    /// <exception cref="NotSupportedException">It is not a figure of classes.</exception>
    protected virtual double Judge(ReadOnlySpan<float> output, int label) =>
        throw new NotSupportedException($"The metric '{Name}' is not for class numbers.");

    /// <summary>The figure of a row that should be certain numbers.</summary>
    /// <exception cref="NotSupportedException">It is a figure of classes.</exception>
    protected virtual double Judge(ReadOnlySpan<float> output, ReadOnlySpan<float> target) =>
        throw new NotSupportedException($"The metric '{Name}' is for class numbers only.");

    /// <summary>The figure of all rows from the weighted mean of theirs. Default: that mean.</summary>
    protected virtual double Finish(double mean) => mean;

    /// <summary>Takes up one figure.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="weight">How much it counts.</param>
    protected void Add(double figure, double weight = 1)
    {
        _sum += weight * figure;
        _weight += weight;
    }

    private void Add(double figure, ReadOnlySpan<float> weights, int row) => Add(figure, weights.IsEmpty ? 1 : weights[row]);
}
