using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Adds normal noise to the inputs while training; does nothing in scoring. At the start of an autoencoder it makes a denoising one (Vincent et al. 2010).</summary>
    /// <remarks>Input and output: any shape. The noise is a function of the model's seed, the layer's name and the step.</remarks>
    public sealed record GaussianNoise : SimpleLayer
    {
        /// <summary>The noise's standard deviation; at least 0.</summary>
        public required float Deviation { get; init; }

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(x);
            SettingCheck.InRange(this, nameof(Deviation), Deviation, 0);
            return context.Training && Deviation > 0 ? x + Ops.RandomNormal(x, context.Step, context.NextSeed()) * Deviation : x;
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends noise; see <see cref="Layers.GaussianNoise"/>.</summary>
        /// <param name="deviation">The noise's standard deviation.</param>
        /// <param name="name">The layer's name.</param>
        public Network GaussianNoise(double deviation, string? name = null) => Append(new GaussianNoise { Name = name, Deviation = (float)deviation });
    }
}
