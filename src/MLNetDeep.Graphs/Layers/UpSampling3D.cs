using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Every cell of volumes repeated.</summary>
    /// <remarks>Input: (batch, depth, height, width, channels). Output: the same with depth, height and width times <see cref="Size"/>.</remarks>
    public sealed record UpSampling3D : SpatialLayer
    {
        /// <summary>How often; at least 1. Default 2.</summary>
        public Size3D Size { get; init; } = 2;

        private protected override int SpatialAxes => 3;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Windows.Repeat(x, Size.ToArray());
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that repeats every cell; see <see cref="Layers.UpSampling3D"/>.</summary>
        /// <param name="size">How often; default 2.</param>
        /// <param name="name">The layer's name.</param>
        public Network UpSampling3D(Size3D? size = null, string? name = null) => Append(new UpSampling3D { Name = name, Size = size ?? 2 });
    }
}
