using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>A layer of a Transformer's encoder: self-attention and a feed-forward network, each with a connection around it and layer normalisation (Vaswani et al. 2017).</summary>
    /// <remarks>
    /// Input and output: (batch, steps, features); masked steps are looked at by none. Weights: self_attention/..., feedforward_intermediate_dense/...,
    /// feedforward_output_dense/... and gamma and beta of the two normalisations. With <see cref="TransformerLayer.NormalizeFirst"/> a normalisation belongs after the last layer.
    /// </remarks>
    public sealed record TransformerEncoder : TransformerLayer
    {
        /// <summary>Whether a step looks at itself and those before it only. Default false.</summary>
        public bool UseCausalMask { get; init; }

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(inputs);
            Require(inputs);
            return [FeedForward(context, Attend(context, "self_attention", inputs[0], null, UseCausalMask))];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer of a Transformer's encoder; see <see cref="Layers.TransformerEncoder"/>.</summary>
        /// <param name="intermediateDim">Size of the feed-forward network's hidden layer.</param>
        /// <param name="numHeads">Number of heads.</param>
        /// <param name="dropout">The share of attention weights and of outputs set to 0 while training.</param>
        /// <param name="activation">What follows the hidden layer; default ReLU.</param>
        /// <param name="normalizeFirst">Whether normalisation comes before attention and feed-forward network.</param>
        /// <param name="name">The layer's name.</param>
        public Network TransformerEncoder(int intermediateDim, int numHeads, double dropout = 0, Layer? activation = null, bool normalizeFirst = false, string? name = null) => Append(new TransformerEncoder
        {
            Name = name,
            IntermediateDim = intermediateDim,
            NumHeads = numHeads,
            Dropout = (float)dropout,
            Activation = activation ?? new Relu(),
            NormalizeFirst = normalizeFirst,
        });
    }
}
