using MLNetDeep.Graphs;

namespace MLNetDeep.Regularizers;

/// <summary><see cref="Strength"/> times the sum of absolute values: drives weights to zero.</summary>
/// <param name="Strength">The factor. Default 0.01.</param>
public sealed record L1(float Strength = 0.01f) : Regularizer
{
    /// <inheritdoc/>
    public override Tensor Penalty(Tensor weight) => Ops.Sum(Ops.Abs(weight)) * Strength;
}
