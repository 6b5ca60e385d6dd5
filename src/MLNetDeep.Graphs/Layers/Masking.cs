using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Marks steps all of whose features have a certain value as padding: the layers that follow skip them.</summary>
    /// <remarks>Input: (batch, steps, features). Output: the same with zeros in masked steps, and the mask.</remarks>
    public sealed record Masking : Layer
    {
        /// <summary>The value that stands for padding. Default 0.</summary>
        public float MaskValue { get; init; }

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            (Tensor x, Tensor? before) = inputs[0];
            SpatialLayer.Require(x, 1);
            Tensor differs = Ops.Max(Ops.Cast(Ops.NotEqual(x, Ops.Like(x, MaskValue))), [-1]);
            Tensor mask = Ops.Greater(differs, Ops.Like(x, 0));
            if (before is not null)
                mask = Ops.LogicalAnd(before, mask);
            return [new(MaskedSteps.Zeroed(x, mask), mask)];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that marks steps of a certain value as padding; see <see cref="Layers.Masking"/>.</summary>
        /// <param name="maskValue">The value.</param>
        /// <param name="name">The layer's name.</param>
        public Network Masking(double maskValue = 0, string? name = null) => Append(new Masking { Name = name, MaskValue = (float)maskValue });
    }
}
