using MLNetDeep.Graphs;

namespace MLNetDeep.Initializers;

/// <summary>
/// Random values whose variance is chosen by the number of inputs and outputs of a kernel, so that signals neither grow nor fade from layer to layer.
/// A kernel's last axis counts its outputs and the one before its inputs, each times the size of the window (the axes before those);
/// for a vector both are its length.
/// </summary>
/// <remarks>Normal values are cut off at two standard deviations, as in Keras, of a distribution that is wider by 1 / 0.8796, so that the variance is the one asked for.</remarks>
public abstract record VarianceScaling : Initializer
{
    private protected VarianceScaling()
    {
    }

    /// <inheritdoc/>
    public sealed override void Fill(Span<float> values, Shape shape, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(shape);
        (double inputs, double outputs) = Fans(shape);
        double variance = Variance(inputs, outputs);
        double scale = Math.Sqrt(IsNormal ? variance : 3 * variance);
        CounterRandom random = new(seed);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(scale * (IsNormal ? random.TruncatedNormal(i) / CounterRandom.TruncatedDeviation : 2 * random.Uniform(i) - 1));
    }

    private protected virtual bool IsNormal => false;

    private protected abstract double Variance(double inputs, double outputs);

    private static (double Inputs, double Outputs) Fans(Shape shape)
    {
        if (shape.Rank < 2)
            return (shape.UnitSize, shape.UnitSize);
        double window = shape.UnitSize / ((double)shape[^2] * shape[^1]);
        return (shape[^2] * window, shape[^1] * window);
    }
}
