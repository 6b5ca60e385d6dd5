using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Layers
{
    /// <summary>A convolution in two steps: each channel of images on its own, then a mixture of channels cell by cell (Chollet 2017).</summary>
    /// <remarks>
    /// Input: (batch, height, width, channels). Output: (batch, new height, new width, <see cref="Filters"/>), sizes as for <see cref="Conv2D"/>.
    /// Weights: depthwise_kernel (height, width, channels, depth_multiplier), pointwise_kernel (1, 1, channels · depth_multiplier, filters), bias (filters).
    /// </remarks>
    public sealed record SeparableConv2D : SpatialLayer
    {
        /// <summary>Number of channels of the output; at least 1.</summary>
        public required int Filters { get; init; }

        /// <summary>The window.</summary>
        public required Size2D KernelSize { get; init; }

        /// <summary>Steps of the window. Default 1.</summary>
        public Size2D Strides { get; init; } = 1;

        /// <summary>What is put around the input. Default <c>valid</c>: nothing.</summary>
        public Padding Padding { get; init; }

        /// <summary>Distance between neighbouring cells of the window. Default 1.</summary>
        public Size2D DilationRate { get; init; } = 1;

        /// <summary>Number of outputs of the first step for each channel; at least 1. Default 1.</summary>
        public int DepthMultiplier { get; init; } = 1;

        /// <summary>Whether a bias is added. Default true.</summary>
        public bool UseBias { get; init; } = true;

        /// <summary>First values of the depthwise kernel. Default Glorot uniform.</summary>
        public Initializer DepthwiseInitializer { get; init; } = new GlorotUniform();

        /// <summary>First values of the pointwise kernel. Default Glorot uniform.</summary>
        public Initializer PointwiseInitializer { get; init; } = new GlorotUniform();

        /// <summary>First values of the bias. Default zeros.</summary>
        public Initializer BiasInitializer { get; init; } = Constant.Zeros;

        /// <summary>Penalty on the depthwise kernel. Default none.</summary>
        public Regularizer? DepthwiseRegularizer { get; init; }

        /// <summary>Penalty on the pointwise kernel. Default none.</summary>
        public Regularizer? PointwiseRegularizer { get; init; }

        /// <summary>Penalty on the bias. Default none.</summary>
        public Regularizer? BiasRegularizer { get; init; }

        private protected override int SpatialAxes => 2;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(x);
            if (Filters < 1 || DepthMultiplier < 1)
                throw new ArgumentException($"filters is {Filters} and depth multiplier {DepthMultiplier}, expected at least 1.");
            int channels = x.Shape[^1];
            Graphs.Definitions.WindowAxis[] axes = Windows.Over(x, KernelSize.ToArray(), Strides.ToArray(), DilationRate.ToArray(), Padding, "kernel");
            Tensor depthwise = context.AddWeight("depthwise_kernel", new Shape(KernelSize.Height, KernelSize.Width, channels, DepthMultiplier), DepthwiseInitializer, regularizer: DepthwiseRegularizer).Tensor;
            Tensor pointwise = context.AddWeight("pointwise_kernel", new Shape(1, 1, channels * DepthMultiplier, Filters), PointwiseInitializer, regularizer: PointwiseRegularizer).Tensor;
            Tensor y = Ops.Conv2D(DepthwiseConv2D.Depthwise(x, depthwise, axes), pointwise);
            return UseBias ? y + context.AddWeight("bias", new Shape(Filters), BiasInitializer, regularizer: BiasRegularizer).Tensor : y;
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a convolution in two steps, by channel and by cell; see <see cref="Layers.SeparableConv2D"/>.</summary>
        /// <param name="filters">Number of outputs a cell.</param>
        /// <param name="kernelSize">The window.</param>
        /// <param name="strides">Steps of the window; default 1.</param>
        /// <param name="padding">What is put around the input: <c>"valid"</c> (nothing), <c>"same"</c>, or numbers of cells.</param>
        /// <param name="depthMultiplier">Number of outputs for each channel.</param>
        /// <param name="dilationRate">Distance between neighbouring cells of the window; default 1.</param>
        /// <param name="useBias">Whether a bias is added.</param>
        /// <param name="depthwiseInitializer">First values of the depthwise kernel; default Glorot uniform.</param>
        /// <param name="pointwiseInitializer">First values of the pointwise kernel; default Glorot uniform.</param>
        /// <param name="name">The layer's name.</param>
        public Network SeparableConv2D(
            int filters,
            Size2D kernelSize,
            Size2D? strides = null,
            Padding padding = default,
            int depthMultiplier = 1,
            Size2D? dilationRate = null,
            bool useBias = true,
            Initializer? depthwiseInitializer = null,
            Initializer? pointwiseInitializer = null,
            string? name = null) => Append(new SeparableConv2D
        {
            Name = name,
            Filters = filters,
            KernelSize = kernelSize,
            Strides = strides ?? 1,
            Padding = padding,
            DepthMultiplier = depthMultiplier,
            DilationRate = dilationRate ?? 1,
            UseBias = useBias,
            DepthwiseInitializer = depthwiseInitializer ?? new GlorotUniform(),
            PointwiseInitializer = pointwiseInitializer ?? new GlorotUniform(),
        });
    }
}
