using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Zeros put around images.</summary>
    /// <remarks>Input: (batch, height, width, channels). Output: the same with height and width larger by as many.</remarks>
    public sealed record ZeroPadding2D : SpatialLayer
    {
        /// <summary>Numbers of zeros: [top, bottom, left, right], each at least 0. Default 1 each.</summary>
        public IReadOnlyList<int> Padding { get; init; } = [1, 1, 1, 1];

        private protected override int SpatialAxes => 2;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Sides.Pad(x, Padding, "top, bottom, left, right");
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that adds zeros around images, as many on every side; see <see cref="Layers.ZeroPadding2D"/>.</summary>
        /// <param name="padding">Number of zeros.</param>
        /// <param name="name">The layer's name.</param>
        public Network ZeroPadding2D(int padding = 1, string? name = null) => ZeroPadding2D(padding, padding, padding, padding, name);

        /// <summary>Appends a layer that adds zeros around images; see <see cref="Layers.ZeroPadding2D"/>.</summary>
        /// <param name="top">Number of zeros above.</param>
        /// <param name="bottom">Number of zeros below.</param>
        /// <param name="left">Number of zeros on the left.</param>
        /// <param name="right">Number of zeros on the right.</param>
        /// <param name="name">The layer's name.</param>
        public Network ZeroPadding2D(int top, int bottom, int left, int right, string? name = null) => Append(new ZeroPadding2D { Name = name, Padding = [top, bottom, left, right] });
    }
}
