using MLNetDeep.Graphs;

namespace MLNetDeep.Regularizers;

/// <summary><see cref="Strength"/> times the sum of squares: keeps weights small. (PyTorch's <c>weight_decay</c> of an optimizer without decoupling is twice this strength.)</summary>
/// <param name="Strength">The factor. Default 0.01.</param>
public sealed record L2(float Strength = 0.01f) : Regularizer
{
    /// <inheritdoc/>
    public override Tensor Penalty(Tensor weight) => Ops.Sum(Ops.Square(weight)) * Strength;
}
