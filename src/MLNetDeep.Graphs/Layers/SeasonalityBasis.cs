using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// Periodic curves from few numbers: <c>Σ aᵢ · cos(2πit) + bᵢ · sin(2πit)</c> over times t from 0 up to 1 (the seasonality of N-BEATS, Oreshkin et al. 2020).
    /// The first half of the coefficients are those of the cosines, from i = 0 on; the second those of the sines, from i = 1 on.
    /// </summary>
    /// <remarks>Input: (batch, coefficients, channels). Output: (batch, <see cref="Steps"/>, channels).</remarks>
    public sealed record SeasonalityBasis : SimpleLayer
    {
        /// <summary>Number of steps of the curve; at least 1.</summary>
        public required int Steps { get; init; }

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(x);
            int cosines = x.Shape.Rank == 3 ? (x.Shape[1] + 1) / 2 : 0;
            return StepMatrix.Apply(x, Steps, (step, i) => i < cosines
                ? Math.Cos(2 * Math.PI * i * step / Steps)
                : Math.Sin(2 * Math.PI * (i - cosines + 1) * step / Steps));
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends periodic curves; see <see cref="Layers.SeasonalityBasis"/>.</summary>
        /// <param name="steps">Number of steps of the curve.</param>
        /// <param name="name">The layer's name.</param>
        public Network SeasonalityBasis(int steps, string? name = null) => Append(new SeasonalityBasis { Name = name, Steps = steps });
    }
}
