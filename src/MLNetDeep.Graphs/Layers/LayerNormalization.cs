using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Gives the last axis of every row mean 0 and variance 1, then scales and shifts (Ba, Kiros and Hinton 2016).</summary>
    /// <remarks>Input and output: (batch, ..., channels). Weights by channel: gamma and beta.</remarks>
    public sealed record LayerNormalization : SimpleLayer
    {
        /// <summary>Added to the variance. Default 0.001, as Keras (PyTorch: 1e-5).</summary>
        public float Epsilon { get; init; } = 1e-3f;

        /// <summary>Whether a learnt offset, beta, is added. Default true.</summary>
        public bool Center { get; init; } = true;

        /// <summary>Whether the result is multiplied by a learnt factor, gamma. Default true.</summary>
        public bool Scale { get; init; } = true;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(x);
            Shape channels = NormalizationWeights.Channels(x, Epsilon);
            Tensor? gamma = NormalizationWeights.Gamma(context, channels, Scale), beta = NormalizationWeights.Beta(context, channels, Center);
            return Ops.LayerNorm(x, gamma ?? NormalizationWeights.All(x, 1), beta ?? NormalizationWeights.All(x, 0), Epsilon);
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends layer normalisation; see <see cref="Layers.LayerNormalization"/>.</summary>
        /// <param name="epsilon">Added to the variance.</param>
        /// <param name="name">The layer's name.</param>
        public Network LayerNormalization(double epsilon = 1e-3, string? name = null) => Append(new LayerNormalization { Name = name, Epsilon = (float)epsilon });
    }
}
