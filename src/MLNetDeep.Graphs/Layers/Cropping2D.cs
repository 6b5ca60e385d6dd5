using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Cells cut off the sides of images.</summary>
    /// <remarks>Input: (batch, height, width, channels). Output: the same with height and width smaller by as many.</remarks>
    public sealed record Cropping2D : SpatialLayer
    {
        /// <summary>Numbers of cells: [top, bottom, left, right], each at least 0. Default 1 each.</summary>
        public IReadOnlyList<int> Cropping { get; init; } = [1, 1, 1, 1];

        private protected override int SpatialAxes => 2;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Sides.Crop(x, Cropping, "top, bottom, left, right");
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that cuts cells off the sides of images, as many on every side; see <see cref="Layers.Cropping2D"/>.</summary>
        /// <param name="cropping">Number of cells.</param>
        /// <param name="name">The layer's name.</param>
        public Network Cropping2D(int cropping = 1, string? name = null) => Cropping2D(cropping, cropping, cropping, cropping, name);

        /// <summary>Appends a layer that cuts cells off the sides of images; see <see cref="Layers.Cropping2D"/>.</summary>
        /// <param name="top">Number of cells above.</param>
        /// <param name="bottom">Number of cells below.</param>
        /// <param name="left">Number of cells on the left.</param>
        /// <param name="right">Number of cells on the right.</param>
        /// <param name="name">The layer's name.</param>
        public Network Cropping2D(int top, int bottom, int left, int right, string? name = null) => Append(new Cropping2D { Name = name, Cropping = [top, bottom, left, right] });
    }
}
