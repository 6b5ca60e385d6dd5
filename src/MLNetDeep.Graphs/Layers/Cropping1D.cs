using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Cells cut off the sides of sequences.</summary>
    /// <remarks>Input: (batch, steps, channels). Output: the same with steps smaller by as many.</remarks>
    public sealed record Cropping1D : SpatialLayer
    {
        /// <summary>Numbers of cells: [before, after], each at least 0. Default 1 each.</summary>
        public IReadOnlyList<int> Cropping { get; init; } = [1, 1];

        private protected override int SpatialAxes => 1;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Sides.Crop(x, Cropping, "before, after");
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that cuts cells off the sides of sequences, as many on every side; see <see cref="Layers.Cropping1D"/>.</summary>
        /// <param name="cropping">Number of cells.</param>
        /// <param name="name">The layer's name.</param>
        public Network Cropping1D(int cropping = 1, string? name = null) => Cropping1D(cropping, cropping, name);

        /// <summary>Appends a layer that cuts cells off the sides of sequences; see <see cref="Layers.Cropping1D"/>.</summary>
        /// <param name="before">Number of cells before the first.</param>
        /// <param name="after">Number of cells after the last.</param>
        /// <param name="name">The layer's name.</param>
        public Network Cropping1D(int before, int after, string? name = null) => Append(new Cropping1D { Name = name, Cropping = [before, after] });
    }
}
