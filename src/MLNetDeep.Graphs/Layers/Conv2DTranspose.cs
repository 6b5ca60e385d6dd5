using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Layers
{
    /// <summary>A transposed convolution of images: every cell of the input is spread over a window of the output, which is larger by the stride.</summary>
    /// <remarks>
    /// Input: (batch, height, width, channels). Output: the same with <see cref="Filters"/> channels and along each axis, with <c>reach = dilation · (kernel - 1) + 1</c>, as Keras:
    /// padding <c>valid</c>: <c>(size - 1) · stride + max(reach, stride)</c>, or with an output padding <c>(size - 1) · stride + reach + output padding</c>;
    /// <c>same</c>: <c>size · stride</c>, or with an output padding <c>(size - 1) · stride + reach mod 2 + output padding</c>;
    /// numbers of cells, as PyTorch: <c>(size - 1) · stride + reach - padding + output padding</c>.
    /// Weights: kernel (height, width, filters, channels), bias (filters).
    /// </remarks>
    public sealed record Conv2DTranspose : ConvolutionLayer
    {
        /// <summary>Number of channels of the output; at least 1.</summary>
        public required int Filters { get; init; }

        /// <summary>The window.</summary>
        public required Size2D KernelSize { get; init; }

        /// <summary>How far the windows of neighbouring cells lie apart. Default 1.</summary>
        public Size2D Strides { get; init; } = 1;

        /// <summary>Cells added at the end of each axis; less than the stride. Default null: none beyond what the padding says.</summary>
        public Size2D? OutputPadding { get; init; }

        /// <summary>Distance between neighbouring cells of the window. Default 1.</summary>
        public Size2D DilationRate { get; init; } = 1;

        private protected override int SpatialAxes => 2;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(x);
            if (Filters < 1)
                throw new ArgumentException($"filters is {Filters}, expected at least 1.");
            (Graphs.Definitions.WindowAxis[] axes, int[] sizes) = TransposedWindows.Over(x, KernelSize.ToArray(), Strides.ToArray(), DilationRate.ToArray(), Padding, OutputPadding?.ToArray());
            return WithBias(context, TransposedWindows.Convolve(x, Kernel(context, [.. KernelSize.ToArray(), Filters, x.Shape[^1]]), axes, sizes));
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a transposed convolution of images; see <see cref="Layers.Conv2DTranspose"/>.</summary>
        /// <param name="filters">Number of outputs a cell.</param>
        /// <param name="kernelSize">The window.</param>
        /// <param name="strides">How far the windows of neighbouring cells lie apart; default 1.</param>
        /// <param name="padding">What is cut off the output's sides: <c>"valid"</c> (nothing), <c>"same"</c>, or numbers of cells.</param>
        /// <param name="outputPadding">Cells added at the end of each axis, less than the stride; default none.</param>
        /// <param name="dilationRate">Distance between neighbouring cells of the window; default 1.</param>
        /// <param name="useBias">Whether a bias is added.</param>
        /// <param name="kernelInitializer">First values of the kernel; default Glorot uniform.</param>
        /// <param name="name">The layer's name.</param>
        /// <param name="kernelRegularizer">Penalty on the kernel; default none.</param>
        public Network Conv2DTranspose(
            int filters,
            Size2D kernelSize,
            Size2D? strides = null,
            Padding padding = default,
            Size2D? outputPadding = null,
            Size2D? dilationRate = null,
            bool useBias = true,
            Initializer? kernelInitializer = null,
            string? name = null,
            Regularizer? kernelRegularizer = null) => Append(new Conv2DTranspose
        {
            Name = name,
            Filters = filters,
            KernelSize = kernelSize,
            Strides = strides ?? 1,
            Padding = padding,
            OutputPadding = outputPadding,
            DilationRate = dilationRate ?? 1,
            UseBias = useBias,
            KernelInitializer = kernelInitializer ?? new GlorotUniform(),
            KernelRegularizer = kernelRegularizer,
        });
    }
}
