using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// Sets a random share of the inputs to 0 while training and scales the others up to make good for it; does nothing in scoring
    /// (Srivastava et al. 2014).
    /// </summary>
    /// <remarks>Input and output: any shape. The choice is a function of the model's seed, the layer's name and the step.</remarks>
    public sealed record Dropout : SimpleLayer
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
            return context.Training && Rate > 0 ? x * Ops.DropoutMask(x, context.Step, Rate, context.NextSeed()) : x;
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends dropout; see <see cref="Layers.Dropout"/>.</summary>
        /// <param name="rate">The share of inputs set to 0 while training.</param>
        /// <param name="name">The layer's name.</param>
        public Network Dropout(double rate, string? name = null) => Append(new Dropout { Name = name, Rate = (float)rate });
    }
}
