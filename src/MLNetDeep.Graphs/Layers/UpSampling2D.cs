using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Larger images: every cell repeated, or a mixture of its neighbours.</summary>
    /// <remarks>Input: (batch, height, width, channels). Output: the same with height and width times <see cref="Size"/>.</remarks>
    public sealed record UpSampling2D : SpatialLayer
    {
        /// <summary>How many times as large; at least 1. Default 2.</summary>
        public Size2D Size { get; init; } = 2;

        /// <summary>Where the new cells come from. Default <see cref="Interpolation.Nearest"/>.</summary>
        public Interpolation Interpolation { get; init; }

        private protected override int SpatialAxes => 2;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(x);
            if (Interpolation == Interpolation.Nearest || Size.Height < 1 || Size.Width < 1)
                return Windows.Repeat(x, Size.ToArray());
            return Windows.Resize(x, Bilinear(x.Shape[1], Size.Height), Bilinear(x.Shape[2], Size.Width));
        }

        // The middles of new cells, seen among the middles of the old ones; beyond the outermost it is theirs.
        private static float[,] Bilinear(int size, int factor)
        {
            float[,] weights = new float[checked(size * factor), size];
            for (int i = 0; i < size * factor; i++)
            {
                double at = Math.Clamp(((i + 0.5) / factor) - 0.5, 0, size - 1);
                int first = (int)at, second = Math.Min(first + 1, size - 1);
                weights[i, first] += (float)(1 - (at - first));
                weights[i, second] += (float)(at - first);
            }

            return weights;
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that makes images larger; see <see cref="Layers.UpSampling2D"/>.</summary>
        /// <param name="size">How many times as large; default 2.</param>
        /// <param name="interpolation">Where the new cells come from.</param>
        /// <param name="name">The layer's name.</param>
        public Network UpSampling2D(Size2D? size = null, Interpolation interpolation = Interpolation.Nearest, string? name = null) =>
            Append(new UpSampling2D { Name = name, Size = size ?? 2, Interpolation = interpolation });
    }
}
