using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// Additive attention (Bahdanau et al. 2015): each step of the query becomes the mean of the value's steps, weighed by the softmax of <c>Σ scale · tanh(query + key)</c>.
    /// The projections of query and key are dense layers before it.
    /// </summary>
    /// <remarks>
    /// Inputs: query (batch, steps, size), value (batch, sources, value size) and, where it is not the value, key (batch, sources, size).
    /// Output: (batch, steps, value size), with the query's mask; zeros at steps that the query masks or that may look at no source. Weights: scale (size), with <see cref="UseScale"/>.
    /// </remarks>
    public sealed record AdditiveAttention : Layer
    {
        /// <summary>Whether a learnt weight for each element stands before the sum. Default true.</summary>
        public bool UseScale { get; init; } = true;

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
            int steps = from.Query.Shape[1], sources = from.Value.Shape[1], size = from.Query.Shape[2];
            if (from.Key.Shape[^1] != size)
                throw new ArgumentException($"expected a query and a key of one size, received {size} and {from.Key.Shape[^1]}.");
            Tensor sum = Ops.Tanh(Ops.Reshape(from.Query, from.Query.Shape.WithRows(steps, 1, size)) + Ops.Reshape(from.Key, from.Key.Shape.WithRows(1, sources, size)));
            if (UseScale)
                sum *= context.AddWeight("scale", new Shape(size), new GlorotUniform()).Tensor;
            Tensor scores = Ops.Sum(sum, [-1]);

            // Where all is masked the softmax is of equals, and the mask makes it zeros.
            Tensor? allowed = from.Allowed(UseCausalMask);
            Tensor weights = allowed is null ? Ops.Softmax(scores) : Ops.Softmax(Ops.Select(allowed, scores, Ops.Like(scores, float.MinValue))) * Ops.Cast(allowed);
            if (context.Training && Dropout > 0)
                weights *= Ops.DropoutMask(weights, context.Step, Dropout, context.NextSeed());
            return [new(Ops.BatchMatMul(weights, from.Value), from.QueryMask)];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends additive attention to another sequence; see <see cref="Layers.AdditiveAttention"/>.</summary>
        /// <param name="value">The sequence looked at.</param>
        /// <param name="key">What the queries are compared with; default <paramref name="value"/>.</param>
        /// <param name="useScale">Whether a learnt weight for each element stands before the sum.</param>
        /// <param name="dropout">The share of attention weights set to 0 while training.</param>
        /// <param name="name">The layer's name.</param>
        public Network AdditiveAttention(Network value, Network? key = null, bool useScale = true, double dropout = 0, string? name = null) => Combine(
            new AdditiveAttention { Name = name, UseScale = useScale, Dropout = (float)dropout }, key is null ? [this, value] : [this, value, key]);
    }
}
