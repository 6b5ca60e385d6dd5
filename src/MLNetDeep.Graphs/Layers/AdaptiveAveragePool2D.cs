using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Images of any size brought to one size: the mean of each of so many parts along height and width, as PyTorch's AdaptiveAvgPool2d.</summary>
    /// <remarks>
    /// Input: (batch, height, width, channels). Output: (batch, <see cref="OutputSize"/>, channels).
    /// Part i of n goes from <c>floor(i · size / n)</c> up to <c>ceil((i + 1) · size / n)</c>, so that parts may overlap by a cell.
    /// </remarks>
    public sealed record AdaptiveAveragePool2D : SpatialLayer
    {
        /// <summary>Height and width of the output; at least 1. Default 1.</summary>
        public Size2D OutputSize { get; init; } = 1;

        private protected override int SpatialAxes => 2;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(x);
            (int height, int width) = OutputSize;
            if (height < 1 || width < 1)
                throw new ArgumentException($"output size is {OutputSize}, expected each at least 1.");
            if (x.Shape[1] % height != 0 || x.Shape[2] % width != 0)
                return Windows.Resize(x, Parts(x.Shape[1], height), Parts(x.Shape[2], width));
            int[] part = [x.Shape[1] / height, x.Shape[2] / width];
            return height * width == 1 ? Ops.Mean(x, [1, 2], keepDims: true) : Ops.AvgPool(x, part, part);
        }

        private static float[,] Parts(int size, int parts)
        {
            float[,] weights = new float[parts, size];
            for (int i = 0; i < parts; i++)
            {
                int begin = (int)((long)i * size / parts), end = (int)((((long)(i + 1) * size) + parts - 1) / parts);
                for (int j = begin; j < end; j++)
                    weights[i, j] = 1f / (end - begin);
            }

            return weights;
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that brings images to one size by means; see <see cref="Layers.AdaptiveAveragePool2D"/>.</summary>
        /// <param name="outputSize">Height and width of the output.</param>
        /// <param name="name">The layer's name.</param>
        public Network AdaptiveAveragePool2D(Size2D outputSize, string? name = null) => Append(new AdaptiveAveragePool2D { Name = name, OutputSize = outputSize });
    }
}
