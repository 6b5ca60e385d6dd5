using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Every step of sequences repeated.</summary>
    /// <remarks>Input: (batch, steps, channels). Output: the same with steps times <see cref="Size"/>.</remarks>
    public sealed record UpSampling1D : SpatialLayer
    {
        /// <summary>How often; at least 1. Default 2.</summary>
        public int Size { get; init; } = 2;

        private protected override int SpatialAxes => 1;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Windows.Repeat(x, [Size]);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that repeats every step; see <see cref="Layers.UpSampling1D"/>.</summary>
        /// <param name="size">How often.</param>
        /// <param name="name">The layer's name.</param>
        public Network UpSampling1D(int size = 2, string? name = null) => Append(new UpSampling1D { Name = name, Size = size });
    }
}
