using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Layers
{
    /// <summary>A convolution of each channel of images on its own (Howard et al. 2017), without mixing them.</summary>
    /// <remarks>
    /// Input: (batch, height, width, channels). Output: (batch, new height, new width, channels · <see cref="DepthMultiplier"/>), sizes as for <see cref="Conv2D"/>.
    /// Weights: kernel (height, width, channels, depth_multiplier), bias (channels · depth_multiplier).
    /// </remarks>
    public sealed record DepthwiseConv2D : ConvolutionLayer
    {
        /// <summary>The window.</summary>
        public required Size2D KernelSize { get; init; }

        /// <summary>Steps of the window. Default 1.</summary>
        public Size2D Strides { get; init; } = 1;

        /// <summary>Distance between neighbouring cells of the window. Default 1.</summary>
        public Size2D DilationRate { get; init; } = 1;

        /// <summary>Number of outputs for each channel; at least 1. Default 1.</summary>
        public int DepthMultiplier { get; init; } = 1;

        private protected override int SpatialAxes => 2;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(x);
            if (DepthMultiplier < 1)
                throw new ArgumentException($"depth multiplier is {DepthMultiplier}, expected at least 1.");
            Graphs.Definitions.WindowAxis[] axes = Windows.Over(x, KernelSize.ToArray(), Strides.ToArray(), DilationRate.ToArray(), Padding, "kernel");
            return WithBias(context, Depthwise(x, Kernel(context, KernelSize.Height, KernelSize.Width, x.Shape[^1], DepthMultiplier), axes));
        }

        // As many groups as channels; the kernel's last two axes, channels and multiples, are the filters' axis in their order.
        internal static Tensor Depthwise(Tensor x, Tensor kernel, Graphs.Definitions.WindowAxis[] axes)
        {
            Shape shape = kernel.Shape;
            return Windows.Convolve(x, Ops.Reshape(kernel, new Shape(shape[0], shape[1], 1, shape[2] * shape[3])), axes, x.Shape[^1]);
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a convolution of each channel on its own; see <see cref="Layers.DepthwiseConv2D"/>.</summary>
        /// <param name="kernelSize">The window.</param>
        /// <param name="strides">Steps of the window; default 1.</param>
        /// <param name="padding">What is put around the input: <c>"valid"</c> (nothing), <c>"same"</c>, or numbers of cells.</param>
        /// <param name="depthMultiplier">Number of outputs for each channel.</param>
        /// <param name="dilationRate">Distance between neighbouring cells of the window; default 1.</param>
        /// <param name="useBias">Whether a bias is added.</param>
        /// <param name="kernelInitializer">First values of the kernel; default Glorot uniform.</param>
        /// <param name="name">The layer's name.</param>
        /// <param name="kernelRegularizer">Penalty on the kernel; default none.</param>
        public Network DepthwiseConv2D(
            Size2D kernelSize,
            Size2D? strides = null,
            Padding padding = default,
            int depthMultiplier = 1,
            Size2D? dilationRate = null,
            bool useBias = true,
            Initializer? kernelInitializer = null,
            string? name = null,
            Regularizer? kernelRegularizer = null) => Append(new DepthwiseConv2D
        {
            Name = name,
            KernelSize = kernelSize,
            Strides = strides ?? 1,
            Padding = padding,
            DepthMultiplier = depthMultiplier,
            DilationRate = dilationRate ?? 1,
            UseBias = useBias,
            KernelInitializer = kernelInitializer ?? new GlorotUniform(),
            KernelRegularizer = kernelRegularizer,
        });
    }
}
