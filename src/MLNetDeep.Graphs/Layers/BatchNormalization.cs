using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// Gives every channel mean 0 and variance 1 over the batch while training, and by running statistics in scoring; then scales and shifts
    /// (Ioffe and Szegedy 2015).
    /// </summary>
    /// <remarks>
    /// Input and output: (batch, ..., channels). Weights by channel: gamma, beta, and the running moving_mean and moving_variance, which no optimizer changes:
    /// each training step <c>moving = momentum · moving + (1 - momentum) · batch</c>, with the biased variance, as Keras.
    /// A layer that is not <see cref="Layer.Trainable"/> normalises by its running statistics while training too, and leaves them as they are.
    /// Masked steps count like others.
    /// </remarks>
    public sealed record BatchNormalization : SimpleLayer
    {
        /// <summary>How slowly the running statistics forget; 0 to 1. Default 0.99, as Keras (PyTorch's momentum is 1 minus this: 0.1).</summary>
        public float Momentum { get; init; } = 0.99f;

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
            if (Momentum is not (>= 0 and <= 1))
                throw new ArgumentException($"Momentum is {Momentum}, expected 0 to 1.");
            Tensor? gamma = NormalizationWeights.Gamma(context, channels, Scale), beta = NormalizationWeights.Beta(context, channels, Center);
            Variable movingMean = context.AddWeight("moving_mean", channels, Constant.Zeros, trainable: false);
            Variable movingVariance = context.AddWeight("moving_variance", channels, Constant.Ones, trainable: false);
            if (context.Training && context.Trainable)
            {
                (Tensor y, Tensor mean, Tensor variance) = Ops.BatchNorm(
                    x, gamma ?? NormalizationWeights.All(x, 1), beta ?? NormalizationWeights.All(x, 0), Epsilon);
                context.AddUpdate(movingMean, moving => moving * Momentum + mean * (1 - Momentum));
                context.AddUpdate(movingVariance, moving => moving * Momentum + variance * (1 - Momentum));
                return y;
            }

            // Two operations an element: the rest is by channel.
            Tensor scale = Ops.Rsqrt(movingVariance.Tensor + Epsilon);
            if (gamma is not null)
                scale *= gamma;
            Tensor shift = beta is null ? -(movingMean.Tensor * scale) : beta - movingMean.Tensor * scale;
            return x * scale + shift;
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends batch normalisation; see <see cref="Layers.BatchNormalization"/>.</summary>
        /// <param name="momentum">How slowly the running statistics forget.</param>
        /// <param name="epsilon">Added to the variance.</param>
        /// <param name="name">The layer's name.</param>
        public Network BatchNormalization(double momentum = 0.99, double epsilon = 1e-3, string? name = null) =>
            Append(new BatchNormalization { Name = name, Momentum = (float)momentum, Epsilon = (float)epsilon });
    }
}
