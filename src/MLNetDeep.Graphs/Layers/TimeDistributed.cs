using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>A layer applied to each step of a sequence on its own, with the same weights.</summary>
    /// <remarks>Input: (batch, steps, ...), each step what the layer takes for a row. Output: (batch, steps, what the layer gives), with the input's mask. Weights: the layer's.</remarks>
    public sealed record TimeDistributed : Layer
    {
        /// <summary>The layer: one of one input and one output.</summary>
        public required Layer Layer { get; init; }

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(inputs);
            (Tensor x, Tensor? mask) = inputs[0];
            if (Layer.InputCount != 1)
                throw new ArgumentException($"expected a layer of one input, received {Layer.GetType().Name}.");
            if (x.Shape.Rank < 2 || x.Shape.BatchAxis != 0)
                throw new ArgumentException("expected a sequence (batch, steps, ...).");

            // Steps are rows like others; a step of one number is a row of one.
            int steps = x.Shape[1];
            int[] row = x.Shape.Rank == 2 && x.DType == DType.Float32 ? [1] : x.Shape.Dims[2..].ToArray();
            Tensor rows = Ops.Reshape(x, new Shape([x.Shape[0] * steps, .. row]));
            IReadOnlyList<MaskedTensor> outputs = context.Build("layer", Layer, new MaskedTensor(rows));
            Tensor y = outputs[0].Value;
            if (outputs.Count != 1 || y.Shape.BatchAxis != 0 || y.Shape[0] != rows.Shape[0])
                throw new ArgumentException($"expected a layer that gives one row for each, received {Layer.GetType().Name} with {outputs.Count} output(s), the first of shape {y.Shape}.");
            return [new(Ops.Reshape(y, x.Shape.WithRows([steps, .. y.Shape.Dims[1..]])), mask)];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer applied to each step; see <see cref="Layers.TimeDistributed"/>.</summary>
        /// <param name="layer">The layer.</param>
        /// <param name="name">The name of the whole.</param>
        public Network TimeDistributed(Layer layer, string? name = null) => Append(new TimeDistributed { Name = name, Layer = layer });
    }
}
