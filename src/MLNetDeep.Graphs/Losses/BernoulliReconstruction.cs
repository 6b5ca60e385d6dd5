using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>
/// The negative logarithm of the likelihood of a whole row of numbers from 0 to 1 where the outputs, which end with a sigmoid, are their probabilities: what a variational autoencoder of
/// black and white images makes small beside its divergence.
/// </summary>
/// <remarks>Output and targets: (batch, ...). <c>Σ -x ln y - (1 - x) ln(1 - y)</c>, the sum over a row's elements.</remarks>
public sealed record BernoulliReconstruction : Loss
{
    private static readonly BinaryCrossentropy Mean = new();

    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        return Mean.PerRow(output, target) * output.Value.Shape.UnitSize;
    }
}
