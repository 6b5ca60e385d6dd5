using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Slow curves from few numbers: the polynomial <c>Σ cᵢ · tⁱ</c> over times t from 0 up to 1 (the trend of N-BEATS, Oreshkin et al. 2020).</summary>
    /// <remarks>Input: (batch, coefficients, channels). Output: (batch, <see cref="Steps"/>, channels).</remarks>
    public sealed record TrendBasis : SimpleLayer
    {
        /// <summary>Number of steps of the curve; at least 1.</summary>
        public required int Steps { get; init; }

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(x);
            return StepMatrix.Apply(x, Steps, (step, power) => Math.Pow((double)step / Steps, power));
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends polynomials; see <see cref="Layers.TrendBasis"/>.</summary>
        /// <param name="steps">Number of steps of the curve.</param>
        /// <param name="name">The layer's name.</param>
        public Network TrendBasis(int steps, string? name = null) => Append(new TrendBasis { Name = name, Steps = steps });
    }
}
