using MLNetDeep.Graphs;

namespace MLNetDeep.Initializers;

/// <summary>Uniform between two bounds.</summary>
/// <param name="Min">Lower bound. Default -0.05.</param>
/// <param name="Max">Upper bound; at least the lower one. Default 0.05.</param>
public sealed record RandomUniform(float Min = -0.05f, float Max = 0.05f) : Initializer
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The bounds are not numbers in order.</exception>
    public override void Fill(Span<float> values, Shape shape, ulong seed)
    {
        if (!(Min <= Max) || !float.IsFinite(Max - Min))
            throw new InvalidOperationException($"RandomUniform: Min is {Min} and Max is {Max}, expected numbers with Min not above Max.");
        CounterRandom random = new(seed);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(Min + ((double)Max - Min) * random.Uniform(i));
    }
}
