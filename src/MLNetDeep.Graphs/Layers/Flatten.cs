using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Every row as one vector.</summary>
    /// <remarks>Input: (batch, ...). Output: (batch, elements of a row). A mask ends here.</remarks>
    public sealed record Flatten : Layer
    {
        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            Tensor x = inputs[0].Value;
            return [new(Ops.Reshape(x, x.Shape.WithRows(x.Shape.RowSize())))];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that makes every row one vector; see <see cref="Layers.Flatten"/>.</summary>
        /// <param name="name">The layer's name.</param>
        public Network Flatten(string? name = null) => Append(new Flatten { Name = name });
    }
}
