using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>Cross-entropy between several classes, the truth given as a probability for each (one-hot or soft).</summary>
/// <remarks>Output and targets: (batch, ..., classes).</remarks>
public sealed record CategoricalCrossentropy : Crossentropy
{
    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        Check(output.Value);
        Tensor truth = LabelSmoothing > 0 ? target * (1 - LabelSmoothing) + LabelSmoothing / output.Value.Shape[^1] : target;
        return RowMean(General(LogProbabilities(output.Value, target), truth), output.Mask);
    }
}
