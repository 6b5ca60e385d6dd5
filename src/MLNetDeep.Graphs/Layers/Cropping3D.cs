using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Cells cut off the sides of volumes.</summary>
    /// <remarks>Input: (batch, depth, height, width, channels). Output: the same with depth, height and width smaller by as many.</remarks>
    public sealed record Cropping3D : SpatialLayer
    {
        /// <summary>Numbers of cells: [front, back, top, bottom, left, right], each at least 0. Default 1 each.</summary>
        public IReadOnlyList<int> Cropping { get; init; } = [1, 1, 1, 1, 1, 1];

        private protected override int SpatialAxes => 3;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Sides.Crop(x, Cropping, "front, back, top, bottom, left, right");
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that cuts cells off the sides of volumes, as many on every side; see <see cref="Layers.Cropping3D"/>.</summary>
        /// <param name="cropping">Number of cells.</param>
        /// <param name="name">The layer's name.</param>
        public Network Cropping3D(int cropping = 1, string? name = null) => Cropping3D(cropping, cropping, cropping, cropping, cropping, cropping, name);

        /// <summary>Appends a layer that cuts cells off the sides of volumes; see <see cref="Layers.Cropping3D"/>.</summary>
        /// <param name="front">Number of cells in front.</param>
        /// <param name="back">Number of cells at the back.</param>
        /// <param name="top">Number of cells above.</param>
        /// <param name="bottom">Number of cells below.</param>
        /// <param name="left">Number of cells on the left.</param>
        /// <param name="right">Number of cells on the right.</param>
        /// <param name="name">The layer's name.</param>
        public Network Cropping3D(int front, int back, int top, int bottom, int left, int right, string? name = null) => Append(new Cropping3D { Name = name, Cropping = [front, back, top, bottom, left, right] });
    }
}
