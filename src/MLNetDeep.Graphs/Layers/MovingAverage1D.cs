using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The mean of the steps around each one, which leaves the trend of a sequence (as in DLinear, Zeng et al. 2023). Beyond its ends the sequence is taken to go on as the first and last step.</summary>
    /// <remarks>Input: (batch, steps, channels). Output: the same shape.</remarks>
    public sealed record MovingAverage1D : SimpleLayer
    {
        /// <summary>Number of steps in a mean; at least 1. Of an even number one more lies before than after. Default 25, the paper's.</summary>
        public int WindowSize { get; init; } = 25;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(x);
            if (WindowSize < 1)
                throw new ArgumentException($"WindowSize is {WindowSize}, expected at least 1.");
            int before = WindowSize / 2, after = WindowSize - 1 - before, last = x.Shape.Rank == 3 ? x.Shape[1] - 1 : 0;
            return StepMatrix.Apply(x, last + 1, (to, from) =>
            {
                // The ends stand in for all steps beyond them.
                long first = from == 0 ? (long)to - before : from, end = from == last ? (long)to + after : from;
                return (double)Math.Max(0, Math.Min(end, (long)to + after) - Math.Max(first, (long)to - before) + 1) / WindowSize;
            });
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends the mean of the steps around each one; see <see cref="Layers.MovingAverage1D"/>.</summary>
        /// <param name="windowSize">Number of steps in a mean.</param>
        /// <param name="name">The layer's name.</param>
        public Network MovingAverage1D(int windowSize = 25, string? name = null) => Append(new MovingAverage1D { Name = name, WindowSize = windowSize });
    }
}
