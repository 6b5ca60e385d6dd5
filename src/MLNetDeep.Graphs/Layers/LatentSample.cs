using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// The middle of a variational autoencoder (Kingma and Welling 2014): while training a sample <c>mean + exp(½ log variance) · noise</c> of the normal distribution that the encoder gives a
    /// row, noise being standard normal, so that gradients reach mean and variance; in scoring the mean. To the training loss it adds the divergence of that distribution
    /// from the standard normal one, <c>weight · ½ Σ (mean² + variance - 1 - log variance)</c>, the mean over the rows. Training reports it by epoch, before the weight, as <c>kl_divergence</c>.
    /// </summary>
    /// <remarks>Inputs: mean and logarithm of the variance, (batch, ...) each of one shape. Output: the same shape. The noise is a function of the model's seed, the layer's name and the step.</remarks>
    public sealed record LatentSample : Layer
    {
        /// <summary>What training reports the divergence as, before its weight.</summary>
        internal const string Divergence = "kl_divergence";

        /// <summary>What the divergence is multiplied by: β of the β-VAE (Higgins et al. 2017); at least 0. Default 1.</summary>
        public float KlWeight { get; init; } = 1;

        /// <inheritdoc/>
        internal protected override int InputCount => 2;

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(inputs);
            SettingCheck.InRange(this, nameof(KlWeight), KlWeight, 0);
            (Tensor mean, Tensor logVariance) = (inputs[0].Value, inputs[1].Value);
            if (mean.DType != DType.Float32 || mean.Shape.Rank < 2 || logVariance.Spec != mean.Spec)
                throw new ArgumentException("expected mean and logarithm of the variance, numbers of one shape (batch, ...).");
            if (!context.Training)
                return [inputs[0]];
            Tensor apart = Ops.Square(mean) + Ops.Exp(logVariance) - logVariance - 1f, divergence = Ops.Mean(Ops.Sum(apart, [.. Enumerable.Range(1, mean.Shape.Rank - 1)])) * 0.5f;
            context.AddFigure(Divergence, divergence);
            if (KlWeight > 0)
                context.AddLoss(divergence * KlWeight);
            return [new(mean + Ops.Exp(logVariance * 0.5f) * Ops.RandomNormal(mean, context.Step, context.NextSeed()), inputs[0].Mask)];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>This taken as the mean of a normal distribution of which a sample is drawn while training; see <see cref="Layers.LatentSample"/>.</summary>
        /// <param name="logVariance">The logarithm of the variance, of this one's shape.</param>
        /// <param name="klWeight">What the divergence from the standard normal distribution is multiplied by in the loss.</param>
        /// <param name="name">The layer's name.</param>
        public Network LatentSample(Network logVariance, double klWeight = 1, string? name = null) => Combine(new LatentSample { Name = name, KlWeight = (float)klWeight }, this, logVariance);
    }
}
