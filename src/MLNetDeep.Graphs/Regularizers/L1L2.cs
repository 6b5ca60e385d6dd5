using MLNetDeep.Graphs;

namespace MLNetDeep.Regularizers;

/// <summary>The sum of an <see cref="L1"/> and an <see cref="L2"/> penalty (elastic net).</summary>
/// <param name="Absolute">The factor of the sum of absolute values. Default 0.01.</param>
/// <param name="Squared">The factor of the sum of squares. Default 0.01.</param>
public sealed record L1L2(float Absolute = 0.01f, float Squared = 0.01f) : Regularizer
{
    /// <inheritdoc/>
    public override Tensor Penalty(Tensor weight) => new L1(Absolute).Penalty(weight) + new L2(Squared).Penalty(weight);
}
