using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Zeros put around sequences.</summary>
    /// <remarks>Input: (batch, steps, channels). Output: the same with steps larger by as many.</remarks>
    public sealed record ZeroPadding1D : SpatialLayer
    {
        /// <summary>Numbers of zeros: [before, after], each at least 0. Default 1 each.</summary>
        public IReadOnlyList<int> Padding { get; init; } = [1, 1];

        private protected override int SpatialAxes => 1;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Sides.Pad(x, Padding, "before, after");
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that adds zeros around sequences, as many on every side; see <see cref="Layers.ZeroPadding1D"/>.</summary>
        /// <param name="padding">Number of zeros.</param>
        /// <param name="name">The layer's name.</param>
        public Network ZeroPadding1D(int padding = 1, string? name = null) => ZeroPadding1D(padding, padding, name);

        /// <summary>Appends a layer that adds zeros around sequences; see <see cref="Layers.ZeroPadding1D"/>.</summary>
        /// <param name="before">Number of zeros before the first.</param>
        /// <param name="after">Number of zeros after the last.</param>
        /// <param name="name">The layer's name.</param>
        public Network ZeroPadding1D(int before, int after, string? name = null) => Append(new ZeroPadding1D { Name = name, Padding = [before, after] });
    }
}
