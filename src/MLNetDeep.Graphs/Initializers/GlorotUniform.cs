using MLNetDeep.Graphs;

namespace MLNetDeep.Initializers;

/// <summary>Uniform in ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010).</summary>
public sealed record GlorotUniform : Initializer
{
    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, ulong seed) => throw new NotImplementedException();
}
