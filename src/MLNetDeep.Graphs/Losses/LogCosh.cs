using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>The mean of ln(cosh(error)): squared for small errors, absolute for large ones, and smooth.</summary>
/// <remarks>Output and targets: (batch, ...).</remarks>
public sealed record LogCosh : Loss
{
    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        Tensor e = output.Value - target;
        return RowMean(e + Ops.Softplus(e * -2f) - 0.693147181f, output.Mask);
    }
}
