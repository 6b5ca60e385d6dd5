using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// A layer of a Transformer's decoder: causal self-attention, attention to the encoder's sequence and a feed-forward network, each with a connection around it and
    /// layer normalisation (Vaswani et al. 2017). Without the middle one it is a layer of a language model such as GPT.
    /// </summary>
    /// <remarks>
    /// Inputs: the decoder's sequence (batch, steps, features) and, with <see cref="CrossAttention"/>, the encoder's (batch, sources, features). Output: as the first, with its mask.
    /// Weights: self_attention/..., cross_attention/..., feedforward_intermediate_dense/..., feedforward_output_dense/... and gamma and beta of the normalisations.
    /// </remarks>
    public sealed record TransformerDecoder : TransformerLayer
    {
        /// <summary>Whether there is an encoder's sequence to attend to, the second input. Default true.</summary>
        public bool CrossAttention { get; init; } = true;

        /// <summary>Whether a step looks at itself and those before it only. Default true.</summary>
        public bool UseCausalMask { get; init; } = true;

        /// <inheritdoc/>
        internal protected override int InputCount => CrossAttention ? 2 : 1;

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(inputs);
            Require(inputs);
            MaskedTensor x = Attend(context, "self_attention", inputs[0], null, UseCausalMask);
            if (CrossAttention)
                x = Attend(context, "cross_attention", x, inputs[1], causal: false);
            return [FeedForward(context, x)];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer of a Transformer's decoder; see <see cref="Layers.TransformerDecoder"/>.</summary>
        /// <param name="intermediateDim">Size of the feed-forward network's hidden layer.</param>
        /// <param name="numHeads">Number of heads.</param>
        /// <param name="encoder">The encoder's sequence; default none: a layer of a language model.</param>
        /// <param name="dropout">The share of attention weights and of outputs set to 0 while training.</param>
        /// <param name="activation">What follows the hidden layer; default ReLU.</param>
        /// <param name="normalizeFirst">Whether normalisation comes before attention and feed-forward network.</param>
        /// <param name="name">The layer's name.</param>
        public Network TransformerDecoder(
            int intermediateDim, int numHeads, Network? encoder = null, double dropout = 0, Layer? activation = null, bool normalizeFirst = false, string? name = null)
        {
            TransformerDecoder layer = new()
            {
                Name = name,
                IntermediateDim = intermediateDim,
                NumHeads = numHeads,
                CrossAttention = encoder is not null,
                Dropout = (float)dropout,
                Activation = activation ?? new Relu(),
                NormalizeFirst = normalizeFirst,
            };
            return encoder is null ? Append(layer) : Combine(layer, this, encoder);
        }
    }
}
