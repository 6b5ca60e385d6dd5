using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>
/// Adds to the training loss how far a row of a table is from what it was asked to be (Xu et al. 2019): the cross-entropy between the logits of one choice and the choice
/// that a one-hot condition names. The row itself passes unchanged.
/// </summary>
/// <remarks>
/// Inputs: rows before <see cref="MixedActivation"/> (batch, ..., <see cref="Numbers"/> and the sum of <see cref="Blocks"/>); conditions (batch, ..., sum of the blocks in
/// <see cref="Conditioned"/>), zeros but for a 1. Output: the rows. The loss is a mean over rows, which training reports by epoch as <c>condition_loss</c>.
/// </remarks>
public sealed record ConditionPenalty : Layer
{
    /// <summary>Number of plain numbers; at least 0.</summary>
    public required int Numbers { get; init; }

    /// <summary>For each choice, among how many; at least 2 each.</summary>
    public required IReadOnlyList<int> Blocks { get; init; }

    /// <summary>Which blocks conditions may name, from 0, in the order of the conditions.</summary>
    public required IReadOnlyList<int> Conditioned { get; init; }

    /// <inheritdoc/>
    internal protected override int InputCount => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(inputs);
        (Tensor x, Tensor condition) = (inputs[0].Value, inputs[1].Value);
        MixedBlocks.Check(x, Numbers, Blocks);
        if (Conditioned.Count == 0 || Conditioned.Any(c => (uint)c >= (uint)Blocks.Count))
            throw new ArgumentException($"conditions name the blocks {string.Join(", ", Conditioned)}; expected at least one, each from 0 to {Blocks.Count - 1}.");
        long size = Conditioned.Sum(c => (long)Blocks[c]);
        if (condition.DType != DType.Float32 || condition.Shape.Rank != x.Shape.Rank || !condition.Shape.Equals(x.Shape.With(x.Shape.Rank - 1, (int)size)))
            throw new ArgumentException($"expected conditions of {size} numbers for each row, received {condition.Shape}.");
        if (context.Training)
        {
            Tensor[] parts = [.. MixedBlocks.Split(x, Numbers, Blocks)];
            Tensor chosen = MixedBlocks.Join([.. Conditioned.Select(c => Ops.LogSoftmax(parts[c]))]) * condition;
            Tensor loss = -Ops.Mean(Ops.Sum(chosen, [x.Shape.Rank - 1]));
            context.AddLoss(loss);
            context.AddFigure("condition_loss", loss);
        }

        return [inputs[0]];
    }
}
