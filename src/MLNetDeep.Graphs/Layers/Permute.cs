using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The axes of a row in another order.</summary>
    /// <remarks>Input: (batch, ...). Output: the same axes in the order of <see cref="Dims"/>. A mask ends here unless the steps stay first.</remarks>
    public sealed record Permute : Layer
    {
        /// <summary>The input's axes in their new order, counted from 1, as in Keras: (2, 1) swaps steps and features.</summary>
        public required IReadOnlyList<int> Dims { get; init; }

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            (Tensor x, Tensor? mask) = inputs[0];
            if (x.DType != DType.Float32 || x.Shape.BatchAxis != 0 || !Dims.Order().SequenceEqual(Enumerable.Range(1, x.Shape.Rank - 1)))
                throw new ArgumentException($"Dims is ({string.Join(", ", Dims)}), expected each of the axes 1 to {x.Shape.Rank - 1} once.");
            return [new(Ops.Transpose(x, [0, .. Dims]), Dims is [1, ..] ? mask : null)];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that puts a row's axes in another order; see <see cref="Layers.Permute"/>.</summary>
        /// <param name="dims">The axes in their new order, counted from 1.</param>
        public Network Permute(params int[] dims) => Append(new Permute { Dims = dims });
    }
}
