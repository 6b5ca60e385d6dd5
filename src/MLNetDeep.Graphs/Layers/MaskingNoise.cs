using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// Sets a random share of the inputs to 0 while training, and leaves the others as they are; does nothing in scoring. At the start of an autoencoder it makes a denoising one
    /// (Vincent et al. 2010). Unlike <see cref="Dropout"/> it does not scale up what is left.
    /// </summary>
    /// <remarks>Input and output: any shape. The choice is a function of the model's seed, the layer's name and the step.</remarks>
    public sealed record MaskingNoise : SimpleLayer
    {
        /// <summary>The share set to 0: at least 0 and less than 1.</summary>
        public required float Rate { get; init; }

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(x);
            if (Rate is not (>= 0 and < 1))
                throw new ArgumentException($"Rate is {Rate}, expected at least 0 and less than 1.");
            return context.Training && Rate > 0 ? x * Ops.DropoutMask(x, context.Step, Rate, context.NextSeed()) * (1 - Rate) : x;
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends noise that blots inputs out; see <see cref="Layers.MaskingNoise"/>.</summary>
        /// <param name="rate">The share of inputs set to 0 while training.</param>
        /// <param name="name">The layer's name.</param>
        public Network MaskingNoise(double rate, string? name = null) => Append(new MaskingNoise { Name = name, Rate = (float)rate });
    }
}
