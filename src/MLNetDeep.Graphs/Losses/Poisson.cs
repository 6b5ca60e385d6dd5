using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>Poisson regression: rate - target · ln(rate), for counts. The output is the rate, so the network should end in something positive, such as a softplus.</summary>
/// <remarks>Output and targets: (batch, ...).</remarks>
public sealed record Poisson : Loss
{
    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        return RowMean(output.Value - target * Ops.Log(output.Value + 1e-7f), output.Mask);
    }
}
