using MLNetDeep.Graphs;

namespace MLNetDeep.Initializers;

/// <summary>Normal, cut off at two standard deviations from the mean (so the deviation that comes out is 0.88 of the one given, as in Keras).</summary>
/// <param name="Mean">The mean. Default 0.</param>
/// <param name="StandardDeviation">The standard deviation; at least 0. Default 0.05.</param>
public sealed record TruncatedNormal(float Mean = 0, float StandardDeviation = 0.05f) : Initializer
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The standard deviation is negative.</exception>
    public override void Fill(Span<float> values, Shape shape, ulong seed)
    {
        if (!(StandardDeviation >= 0))
            throw new InvalidOperationException($"TruncatedNormal: StandardDeviation is {StandardDeviation}, expected at least 0.");
        CounterRandom random = new(seed);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(Mean + (double)StandardDeviation * random.TruncatedNormal(i));
    }
}
