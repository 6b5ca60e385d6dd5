using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>A layer that works along the axes between the batch and the channels: steps, or height and width, or depth, height and width. A mask of steps ends here, unless the layer says otherwise.</summary>
public abstract record SpatialLayer : Layer
{
    private static readonly string[] Expected = ["(batch, steps, channels)", "(batch, height, width, channels)", "(batch, depth, height, width, channels)"];

    /// <inheritdoc/>
    public sealed override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(inputs);
        Require(inputs[0].Value, SpatialAxes);
        return [inputs[0].Mask is { Shape.Rank: 2 } && SpatialAxes == 1 ? BuildMasked(context, inputs[0]) : new(Build(context, inputs[0].Value))];
    }

    /// <summary>Number of axes between the batch and the channels: 1, 2 or 3.</summary>
    private protected abstract int SpatialAxes { get; }

    /// <summary>Adds the layer's operations and returns its output.</summary>
    protected abstract Tensor Build(LayerContext context, Tensor x);

    // For a sequence with padded steps. Default: the mask is not heeded.
    private protected virtual MaskedTensor BuildMasked(LayerContext context, MaskedTensor x) => new(Build(context, x.Value));

    internal static void Require(Tensor x, int axes)
    {
        if (x.DType != DType.Float32 || x.Shape.Rank != axes + 2 || x.Shape.BatchAxis != 0)
        {
            string hint = x.Shape.Rank == 2 ? " A flat row takes another shape by Network.Input with that shape, or by Reshape." : "";
            throw new ArgumentException($"expected numbers of shape {Expected[axes - 1]}.{hint}");
        }
    }
}
