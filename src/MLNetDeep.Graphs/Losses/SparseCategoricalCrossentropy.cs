using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>Cross-entropy between several classes, the truth given as class numbers.</summary>
/// <remarks>
/// Output: (batch, ..., classes), probabilities or logits. Targets: Int32 (batch, ...). Class weights are weights of rows. Plain cross-entropy of logits is one fused operation.
/// </remarks>
public sealed record SparseCategoricalCrossentropy : Crossentropy
{
    /// <inheritdoc/>
    public override DType TargetType => DType.Int32;

    /// <inheritdoc/>
    public override Shape TargetShape(Shape output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return new Shape(output.Dims[..^1]);
    }

    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        return RowMean(Elements(output.Value, target), output.Mask);
    }

    // The loss of each element of the target, in its shape.
    internal Tensor Elements(Tensor output, Tensor target)
    {
        Check(output);
        if (Logits(output) is not { } logits || LabelSmoothing > 0 && FocalGamma > 0 || ChangesLogits)
        {
            int classes = output.Shape[^1];
            Tensor truth = Ops.OneHot(target, classes, 1 - LabelSmoothing + LabelSmoothing / classes, LabelSmoothing / classes);
            return General(LogProbabilities(output, Ops.OneHot(target, classes, 1, 0)), truth);
        }

        // One long list of rows: steps of sequences are rows like others.
        Shape rows = new(-(logits.Shape.UnitSize / logits.Shape[^1]));
        Tensor matrix = Ops.Reshape(logits, new Shape(rows[0], logits.Shape[^1]));
        Tensor losses = Ops.SparseSoftmaxCrossEntropy(matrix, Ops.Reshape(target, rows));
        if (FocalGamma > 0)
            losses *= Power(-Ops.Expm1(-losses), FocalGamma);
        if (LabelSmoothing > 0)
            losses = losses * (1 - LabelSmoothing) - Ops.Mean(Ops.LogSoftmax(matrix), [-1]) * LabelSmoothing;
        return Ops.Reshape(losses, target.Shape);
    }
}
