using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>The mean of squared errors.</summary>
/// <remarks>Output and targets: (batch, ...).</remarks>
public sealed record MeanSquaredError : Loss
{
    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        return RowMean(Ops.Square(output.Value - target), output.Mask);
    }
}
