using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Zeros put around volumes.</summary>
    /// <remarks>Input: (batch, depth, height, width, channels). Output: the same with depth, height and width larger by as many.</remarks>
    public sealed record ZeroPadding3D : SpatialLayer
    {
        /// <summary>Numbers of zeros: [front, back, top, bottom, left, right], each at least 0. Default 1 each.</summary>
        public IReadOnlyList<int> Padding { get; init; } = [1, 1, 1, 1, 1, 1];

        private protected override int SpatialAxes => 3;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Sides.Pad(x, Padding, "front, back, top, bottom, left, right");
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that adds zeros around volumes, as many on every side; see <see cref="Layers.ZeroPadding3D"/>.</summary>
        /// <param name="padding">Number of zeros.</param>
        /// <param name="name">The layer's name.</param>
        public Network ZeroPadding3D(int padding = 1, string? name = null) => ZeroPadding3D(padding, padding, padding, padding, padding, padding, name);

        /// <summary>Appends a layer that adds zeros around volumes; see <see cref="Layers.ZeroPadding3D"/>.</summary>
        /// <param name="front">Number of zeros in front.</param>
        /// <param name="back">Number of zeros at the back.</param>
        /// <param name="top">Number of zeros above.</param>
        /// <param name="bottom">Number of zeros below.</param>
        /// <param name="left">Number of zeros on the left.</param>
        /// <param name="right">Number of zeros on the right.</param>
        /// <param name="name">The layer's name.</param>
        public Network ZeroPadding3D(int front, int back, int top, int bottom, int left, int right, string? name = null) => Append(new ZeroPadding3D { Name = name, Padding = [front, back, top, bottom, left, right] });
    }
}
