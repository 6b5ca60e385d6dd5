using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>A layer that makes one tensor of several. A step is masked where any input masks it.</summary>
public abstract record MergeLayer : Layer
{
    /// <inheritdoc/>
    internal protected override int InputCount => -1;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return [new(Merge([.. inputs.Select(i => i.Value)]), MergeMasks(inputs))];
    }

    /// <summary>Adds the layer's operations and returns its output.</summary>
    protected abstract Tensor Merge(IReadOnlyList<Tensor> inputs);

    /// <summary>The output's mask; by default true where all masks there are are true.</summary>
    protected virtual Tensor? MergeMasks(IReadOnlyList<MaskedTensor> inputs)
    {
        Tensor[] masks = [.. inputs.Select(i => i.Mask).OfType<Tensor>().Distinct()];
        return masks.Length == 0 ? null : masks.Aggregate(Ops.LogicalAnd);
    }

    // Elementwise layers take inputs of one rank that broadcast to one another.
    internal static Tensor Fold(IReadOnlyList<Tensor> inputs, Func<Tensor, Tensor, Tensor> function)
    {
        if (inputs.Any(i => i.DType != DType.Float32 || i.Shape.Rank != inputs[0].Shape.Rank || !i.Shape.IsBatched))
            throw new ArgumentException("expected numbers of equal shapes, or with 1 where others have more.");
        return inputs.Aggregate(function);
    }
}
