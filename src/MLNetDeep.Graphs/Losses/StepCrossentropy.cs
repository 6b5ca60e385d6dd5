using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Losses;

/// <summary>
/// Cross-entropy of the classes of a sequence's steps, where some steps have no class: padding, and steps whose class is unknown.
/// The mean is over the steps of a batch that have one, so that long sequences count for more than short ones.
/// </summary>
/// <remarks>
/// Output: (batch, steps, classes), probabilities or logits. Targets: Int32 (batch, steps, 2): the class number and 1, or two zeros for a step without a class.
/// The network's mask is not heeded: the targets say which steps count.
/// </remarks>
public sealed record StepCrossentropy : Crossentropy
{
    /// <inheritdoc/>
    public override DType TargetType => DType.Int32;

    /// <inheritdoc/>
    public override Shape TargetShape(Shape output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.Rank == 3 ? output.With(2, 2) : throw new ArgumentException($"StepCrossentropy needs an output of shape (batch, steps, classes), received {output}.", nameof(output));
    }

    /// <summary>Null: the targets say which steps count.</summary>
    /// <inheritdoc/>
    public override Tensor? RealSteps(MaskedTensor output) => null;

    /// <summary>Adds the loss of each row: the sum over its steps over the mean number of steps of the batch's rows.</summary>
    /// <inheritdoc/>
    public override Tensor PerRow(MaskedTensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output.Value);
        ArgumentNullException.ThrowIfNull(target);
        Shape steps = target.Shape.With(2, 1), flat = new(steps.Dims[..2]);
        Tensor classes = Ops.Reshape(Ops.Slice(target, 2, 0, 1), flat), real = Ops.Cast(Ops.Reshape(Ops.Slice(target, 2, 1, 1), flat));
        SparseCategoricalCrossentropy plain = new()
        {
            FromLogits = FromLogits,
            LabelSmoothing = LabelSmoothing,
            FocalGamma = FocalGamma,
            LogitAdjustment = LogitAdjustment,
            Margin = Margin,
            MarginScale = MarginScale,
            ClassCounts = ClassCounts,
        };
        Tensor sums = Ops.Sum(plain.Elements(output.Value, classes) * real, [1]), counts = Ops.Sum(real, [1]);
        return sums / Ops.Maximum(Ops.Mean(counts), Ops.Like(counts, 1e-6f));
    }
}
