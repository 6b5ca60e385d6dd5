using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>The mean of absolute errors: less moved by outliers than <see cref="MeanSquaredError"/>.</summary>
/// <remarks>Output and targets: (batch, ...).</remarks>
public sealed record MeanAbsoluteError : Loss
{
    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        return RowMean(Ops.Abs(output.Value - target), output.Mask);
    }
}
