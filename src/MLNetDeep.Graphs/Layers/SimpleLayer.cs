using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>A layer of one input and one output that leaves the mask as it is.</summary>
public abstract record SimpleLayer : Layer
{
    /// <inheritdoc/>
    public sealed override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return [new(Build(context, inputs[0].Value), inputs[0].Mask)];
    }

    /// <summary>Adds the layer's operations and returns its output.</summary>
    protected abstract Tensor Build(LayerContext context, Tensor x);
}
