using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Dot-product attention without projections (Luong et al. 2015): each step of the query becomes the mean of the value's steps, weighed by the softmax of the products of query and key.</summary>
    /// <remarks>
    /// Inputs: query (batch, steps, size), value (batch, sources, value size) and, where it is not the value, key (batch, sources, size).
    /// Output: (batch, steps, value size), with the query's mask; zeros at steps that the query masks or that may look at no source. Weights: scale, with <see cref="UseScale"/>.
    /// </remarks>
    public sealed record Attention : Layer
    {
        /// <summary>Whether the products are multiplied by a learnt number. Default false: they are taken as they are.</summary>
        public bool UseScale { get; init; }

        /// <summary>The share of attention weights set to 0 while training; at least 0 and less than 1. Default 0.</summary>
        public float Dropout { get; init; }

        /// <summary>Whether step i looks at the sources up to i only. Default false.</summary>
        public bool UseCausalMask { get; init; }

        /// <inheritdoc/>
        internal protected override int InputCount => -1;

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(inputs);
            AttentionInputs from = AttentionInputs.Of(inputs);
            AttentionInputs.CheckDropout(Dropout);
            if (from.Key.Shape[^1] != from.Query.Shape[^1])
                throw new ArgumentException($"expected a query and a key of one size, received {from.Query.Shape[^1]} and {from.Key.Shape[^1]}.");
            Tensor q = from.Query;
            if (UseScale)
                q *= context.AddWeight("scale", Shape.Scalar, Constant.Ones).Tensor;
            bool drops = context.Training && Dropout > 0;
            Tensor y = Ops.ScaledDotProductAttention(
                OneHead(q), OneHead(from.Key), OneHead(from.Value), 1, UseCausalMask, from.QueryMask, from.SourceMask, drops ? Dropout : 0, drops ? context.Step : null, drops ? context.NextSeed() : 0);
            return [new(Ops.Reshape(y, y.Shape.WithRows(y.Shape[1], y.Shape[3])), from.QueryMask)];
        }

        private static Tensor OneHead(Tensor x) => Ops.Reshape(x, x.Shape.WithRows(x.Shape[1], 1, x.Shape[2]));
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends dot-product attention to another sequence; see <see cref="Layers.Attention"/>.</summary>
        /// <param name="value">The sequence looked at.</param>
        /// <param name="key">What the queries are compared with; default <paramref name="value"/>.</param>
        /// <param name="useScale">Whether the products are multiplied by a learnt number.</param>
        /// <param name="dropout">The share of attention weights set to 0 while training.</param>
        /// <param name="name">The layer's name.</param>
        public Network Attention(Network value, Network? key = null, bool useScale = false, double dropout = 0, string? name = null) => Combine(
            new Attention { Name = name, UseScale = useScale, Dropout = (float)dropout }, key is null ? [this, value] : [this, value, key]);
    }
}
