using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The last step of a sequence; of one with padded steps the last real one.</summary>
    /// <remarks>Input: (batch, steps, channels). Output: (batch, channels); zeros for a row that is all padding. A mask ends here.</remarks>
    public sealed record LastStep : Layer
    {
        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            (Tensor x, Tensor? mask) = inputs[0];
            SpatialLayer.Require(x, 1);
            int steps = x.Shape[1];
            if (mask is null)
                return [new(Ops.Reshape(Ops.Slice(x, 1, steps - 1, 1), x.Shape.WithRows(x.Shape[2])))];

            // Real steps by their number, from 1; padded ones are 0.
            Tensor numbers = Ops.Cast(mask) * Ops.Constant(x.Graph, [.. Enumerable.Range(1, steps).Select(i => (float)i)], new Shape(steps));
            Tensor last = Ops.LogicalAnd(mask, Ops.Equal(numbers, Ops.Max(numbers, [1], keepDims: true)));
            return [new(Ops.Sum(MaskedSteps.Zeroed(x, last), [1]))];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends the last step of a sequence; see <see cref="Layers.LastStep"/>.</summary>
        /// <param name="name">The layer's name.</param>
        public Network LastStep(string? name = null) => Append(new LastStep { Name = name });
    }
}
