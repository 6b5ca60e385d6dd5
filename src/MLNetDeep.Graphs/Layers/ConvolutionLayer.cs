using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Layers;

/// <summary>What the convolutional layers share. None has an activation of its own: that is the layer after it.</summary>
public abstract record ConvolutionLayer : SpatialLayer
{
    /// <summary>What is put around the input. Default <c>valid</c>: nothing.</summary>
    public Padding Padding { get; init; }

    /// <summary>Whether a bias is added. Default true.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>First values of the kernel. Default Glorot uniform.</summary>
    public Initializer KernelInitializer { get; init; } = new GlorotUniform();

    /// <summary>First values of the bias. Default zeros.</summary>
    public Initializer BiasInitializer { get; init; } = Constant.Zeros;

    /// <summary>Penalty on the kernel. Default none.</summary>
    public Regularizer? KernelRegularizer { get; init; }

    /// <summary>Penalty on the bias. Default none.</summary>
    public Regularizer? BiasRegularizer { get; init; }

    /// <summary>
    /// Whether the kernel, as a matrix with a column for each entry of its last axis, is divided by its largest singular value (Miyato et al. 2018), which a power
    /// iteration of one step a training step follows. Default false. See <see cref="Network.WithSpectralNormalization"/>.
    /// </summary>
    public bool SpectralNormalization { get; init; }

    // Kernel, convolution and bias: the whole of an ordinary convolutional layer.
    private protected Tensor Convolve(LayerContext context, Tensor x, int filters, int[] kernelSize, int[] strides, int[] dilations, int groups)
    {
        int channels = x.Shape[^1];
        if (filters < 1 || groups < 1 || channels % groups != 0 || filters % groups != 0)
            throw new ArgumentException($"filters is {filters} and groups {groups} for {channels} channels; expected at least 1, with channels and filters multiples of groups.");
        Graphs.Definitions.WindowAxis[] axes = Windows.Over(x, kernelSize, strides, dilations, Padding, "kernel");
        return WithBias(context, Windows.Convolve(x, Kernel(context, [.. kernelSize, channels / groups, filters]), axes, groups));
    }

    private protected Tensor Kernel(LayerContext context, params ReadOnlySpan<int> dims)
    {
        Variable kernel = context.AddWeight("kernel", new Shape(dims), KernelInitializer, regularizer: KernelRegularizer);
        return SpectralNormalization ? SpectralNorm.Normalize(context, kernel) : kernel.Tensor;
    }

    private protected Tensor WithBias(LayerContext context, Tensor y) =>
        UseBias ? y + context.AddWeight("bias", new Shape(y.Shape[^1]), BiasInitializer, regularizer: BiasRegularizer).Tensor : y;
}
