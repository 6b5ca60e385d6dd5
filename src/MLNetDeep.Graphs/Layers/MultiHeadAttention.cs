using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// Attention of several heads (Vaswani et al. 2017): each step of the query becomes a mixture of the value's steps, weighed by how well a projection of it fits
    /// projections of the key's steps.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Inputs: query (batch, steps, features), value (batch, sources, features) and, where it is not the value, key (batch, sources, features), in Keras's order;
    /// query and value the same for self-attention. Output: (batch, steps, <see cref="OutputShape"/>), with the query's mask.
    /// </para>
    /// <para>
    /// Weights, as Keras has them but each as a matrix: query/kernel and key/kernel (features, heads · key size), value/kernel (features, heads · value size),
    /// attention_output/kernel (heads · value size, output features), and the biases.
    /// </para>
    /// <para>
    /// Masks are combined as in Keras: a source counts where the masks of value and key have it. A step that the query masks, or that may look at no source at all,
    /// takes nothing from any (Keras: the mean of all sources); its output is the output bias.
    /// </para>
    /// </remarks>
    public sealed record MultiHeadAttention : Layer
    {
        /// <summary>Number of heads; at least 1.</summary>
        public required int NumHeads { get; init; }

        /// <summary>Size of each head's queries and keys; at least 1.</summary>
        public required int KeyDim { get; init; }

        /// <summary>Size of each head's values. Default null: <see cref="KeyDim"/>.</summary>
        public int? ValueDim { get; init; }

        /// <summary>The share of attention weights set to 0 while training; at least 0 and less than 1. Default 0.</summary>
        public float Dropout { get; init; }

        /// <summary>Whether the projections add biases. Default true.</summary>
        public bool UseBias { get; init; } = true;

        /// <summary>Number of outputs. Default null: the query's features.</summary>
        public int? OutputShape { get; init; }

        /// <summary>Whether step i looks at the sources up to i only. Default false.</summary>
        public bool UseCausalMask { get; init; }

        /// <summary>Whether queries and keys are rotated by their positions; see <see cref="RotaryEmbedding"/>. Then <see cref="KeyDim"/> must be even. Default false.</summary>
        public bool UseRotaryEmbedding { get; init; }

        /// <summary>For <see cref="UseRotaryEmbedding"/>: see <see cref="RotaryEmbedding.MaxWavelength"/>. Default 10000.</summary>
        public float RotaryMaxWavelength { get; init; } = 10000;

        /// <summary>First values of the kernels. Default Glorot uniform.</summary>
        public Initializer KernelInitializer { get; init; } = new GlorotUniform();

        /// <summary>First values of the biases. Default zeros.</summary>
        public Initializer BiasInitializer { get; init; } = Constant.Zeros;

        /// <summary>Penalty on the kernels. Default none.</summary>
        public Regularizer? KernelRegularizer { get; init; }

        /// <summary>Penalty on the biases. Default none.</summary>
        public Regularizer? BiasRegularizer { get; init; }

        /// <inheritdoc/>
        internal protected override int InputCount => -1;

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(inputs);
            AttentionInputs from = AttentionInputs.Of(inputs);
            int valueDim = ValueDim ?? KeyDim, outputs = OutputShape ?? from.Query.Shape[^1];
            if (NumHeads < 1 || KeyDim < 1 || valueDim < 1 || outputs < 1)
                throw new ArgumentException($"NumHeads is {NumHeads}, KeyDim {KeyDim}, ValueDim {valueDim} and OutputShape {outputs}, expected each at least 1.");
            AttentionInputs.CheckDropout(Dropout);
            Tensor q = Heads(context, "query", from.Query, KeyDim), k = Heads(context, "key", from.Key, KeyDim), v = Heads(context, "value", from.Value, valueDim);
            if (UseRotaryEmbedding)
            {
                q = RotaryEmbedding.Rotate(q, RotaryMaxWavelength, 1);
                k = RotaryEmbedding.Rotate(k, RotaryMaxWavelength, 1);
            }

            bool drops = context.Training && Dropout > 0;
            Tensor y = Ops.ScaledDotProductAttention(
                q, k, v, 1 / MathF.Sqrt(KeyDim), UseCausalMask, from.QueryMask, from.SourceMask, drops ? Dropout : 0, drops ? context.Step : null, drops ? context.NextSeed() : 0);
            y = Ops.Reshape(y, y.Shape.WithRows(y.Shape[1], NumHeads * valueDim));
            return [new(Project(context, "attention_output", y, outputs), from.QueryMask)];
        }

        private Tensor Heads(LayerContext context, string name, Tensor x, int size)
        {
            Tensor y = Project(context, name, x, NumHeads * size);
            return Ops.Reshape(y, y.Shape.WithRows(y.Shape[1], NumHeads, size));
        }

        private Tensor Project(LayerContext context, string name, Tensor x, int units)
        {
            Dense dense = new()
            {
                Units = units,
                UseBias = UseBias,
                KernelInitializer = KernelInitializer,
                BiasInitializer = BiasInitializer,
                KernelRegularizer = KernelRegularizer,
                BiasRegularizer = BiasRegularizer,
            };
            return context.Build(name, dense, [new(x)])[0].Value;
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends attention of this sequence to itself, or to <paramref name="value"/>; see <see cref="Layers.MultiHeadAttention"/>.</summary>
        /// <param name="numHeads">Number of heads.</param>
        /// <param name="keyDim">Size of each head's queries and keys.</param>
        /// <param name="value">The sequence looked at; default this one.</param>
        /// <param name="key">What the queries are compared with; default <paramref name="value"/>.</param>
        /// <param name="dropout">The share of attention weights set to 0 while training.</param>
        /// <param name="useCausalMask">Whether step i looks at the sources up to i only.</param>
        /// <param name="name">The layer's name.</param>
        public Network MultiHeadAttention(int numHeads, int keyDim, Network? value = null, Network? key = null, double dropout = 0, bool useCausalMask = false, string? name = null) => Combine(
            new MultiHeadAttention { Name = name, NumHeads = numHeads, KeyDim = keyDim, Dropout = (float)dropout, UseCausalMask = useCausalMask },
            key is null ? [this, value ?? this] : [this, value ?? this, key]);
    }
}
