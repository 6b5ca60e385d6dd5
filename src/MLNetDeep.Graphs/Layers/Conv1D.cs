using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Layers
{
    /// <summary>A convolution of sequences: every cell of the output is a weighted sum of the cells under a window of the input.</summary>
    /// <remarks>
    /// Input: (batch, steps, channels). Output: the same with steps as the window takes positions, and <see cref="Filters"/> channels:
    /// <c>floor((size + padding - dilation · (kernel - 1) - 1) / stride) + 1</c> along each axis; with padding <c>same</c> <c>ceil(size / stride)</c>. Padding <c>causal</c> pads before the first step alone.
    /// Masked steps count as zeros, as those around the sequence do. With stride 1 and as many steps out as in (padding <c>same</c> or <c>causal</c>) the mask goes on; else it ends here.
    /// Weights: kernel (size, channels / groups, filters), bias (filters).
    /// </remarks>
    public sealed record Conv1D : ConvolutionLayer
    {
        /// <summary>Number of channels of the output; at least 1.</summary>
        public required int Filters { get; init; }

        /// <summary>The window.</summary>
        public required int KernelSize { get; init; }

        /// <summary>Steps of the window. Default 1.</summary>
        public int Strides { get; init; } = 1;

        /// <summary>Distance between neighbouring cells of the window. Default 1.</summary>
        public int DilationRate { get; init; } = 1;

        /// <summary>Channels and filters fall into so many parts, each convolved on its own; both must be multiples of it. Default 1.</summary>
        public int Groups { get; init; } = 1;

        private protected override int SpatialAxes => 1;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) =>
            Convolve(context, x, Filters, [KernelSize], [Strides], [DilationRate], Groups);

        private protected override MaskedTensor BuildMasked(LayerContext context, MaskedTensor x)
        {
            Tensor y = Build(context, MaskedSteps.Zeroed(x.Value, x.Mask!));
            return new(y, Strides == 1 && y.Shape[1] == x.Value.Shape[1] ? x.Mask : null);
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a convolution of sequences; see <see cref="Layers.Conv1D"/>.</summary>
        /// <param name="filters">Number of outputs a cell.</param>
        /// <param name="kernelSize">The window.</param>
        /// <param name="strides">Steps of the window; default 1.</param>
        /// <param name="padding">What is put around the input: <c>"valid"</c> (nothing), <c>"same"</c>, <c>"causal"</c>, or numbers of cells.</param>
        /// <param name="dilationRate">Distance between neighbouring cells of the window; default 1.</param>
        /// <param name="groups">Parts of channels and filters, each convolved on its own.</param>
        /// <param name="useBias">Whether a bias is added.</param>
        /// <param name="kernelInitializer">First values of the kernel; default Glorot uniform.</param>
        /// <param name="name">The layer's name.</param>
        /// <param name="kernelRegularizer">Penalty on the kernel; default none.</param>
        public Network Conv1D(
            int filters,
            int kernelSize,
            int strides = 1,
            Padding padding = default,
            int dilationRate = 1,
            int groups = 1,
            bool useBias = true,
            Initializer? kernelInitializer = null,
            string? name = null,
            Regularizer? kernelRegularizer = null) => Append(new Conv1D
        {
            Name = name,
            Filters = filters,
            KernelSize = kernelSize,
            Strides = strides,
            Padding = padding,
            DilationRate = dilationRate,
            Groups = groups,
            UseBias = useBias,
            KernelInitializer = kernelInitializer ?? new GlorotUniform(),
            KernelRegularizer = kernelRegularizer,
        });
    }
}
