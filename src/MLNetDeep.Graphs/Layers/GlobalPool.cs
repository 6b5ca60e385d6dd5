using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>What the layers that make one number of each channel share.</summary>
public abstract record GlobalPool : Layer
{
    /// <summary>Whether the axes between batch and channels stay, with length 1. Default false.</summary>
    public bool KeepDims { get; init; }

    private protected abstract int SpatialAxes { get; }

    private protected abstract bool IsMax { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        (Tensor x, Tensor? mask) = inputs[0];
        SpatialLayer.Require(x, SpatialAxes);
        int[] axes = [.. Enumerable.Range(1, SpatialAxes)];
        if (mask is null)
            return [new(IsMax ? Ops.Max(x, axes, KeepDims) : Ops.Mean(x, axes, KeepDims))];

        // Steps that are padding count neither as numbers nor as candidates.
        Tensor real = Ops.Reshape(Ops.Cast(mask), mask.Shape.Rank == 2 ? mask.Shape.WithRows(mask.Shape[1], 1) : mask.Shape);
        if (IsMax)
        {
            // A row that is all padding has no largest: 0.
            Tensor zero = Ops.Like(x, 0), most = Ops.Max(Ops.Select(Ops.Greater(real, zero), x, Ops.Like(x, float.MinValue)), axes, KeepDims);
            return [new(Ops.Select(Ops.Greater(Ops.Max(real, axes, KeepDims), zero), most, zero))];
        }

        Tensor count = Ops.Maximum(Ops.Sum(real, axes, KeepDims), Ops.Like(x, 1));
        return [new(Ops.Sum(x * real, axes, KeepDims) / count)];
    }
}
