using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// A fully connected layer: <c>x · kernel + bias</c> over the last axis.
    /// </summary>
    /// <remarks>
    /// Input: (batch, ..., features). Output: (batch, ..., <see cref="Units"/>). Weights: kernel (features, units), bias (units).
    /// </remarks>
    public sealed record Dense : SimpleLayer
    {
        /// <summary>Number of outputs; at least 1.</summary>
        public required int Units { get; init; }

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
        /// Whether the kernel is divided by its largest singular value (Miyato et al. 2018), which a power iteration of one step a training step follows. Default false.
        /// See <see cref="Network.WithSpectralNormalization"/>.
        /// </summary>
        public bool SpectralNormalization { get; init; }

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(x);
            if (Units < 1)
                throw new ArgumentException($"Units is {Units}, expected at least 1.");
            if (x.DType != DType.Float32 || x.Shape.Rank < 2 || x.Shape[^1] < 0)
                throw new ArgumentException("expected numbers of shape (batch, ..., features).");
            int features = x.Shape[^1];
            Variable kernel = context.AddWeight("kernel", new Shape(features, Units), KernelInitializer, regularizer: KernelRegularizer);
            Tensor y = Ops.MatMul(Ops.Reshape(x, new Shape(x.Shape.UnitSize / features * -1, features)), SpectralNormalization ? SpectralNorm.Normalize(context, kernel) : kernel.Tensor);
            if (UseBias)
                y += context.AddWeight("bias", new Shape(Units), BiasInitializer, regularizer: BiasRegularizer).Tensor;
            return Ops.Reshape(y, x.Shape.With(x.Shape.Rank - 1, Units));
        }

        // For layers that end in a dense one.
        internal static Tensor Build(LayerContext context, Tensor x, int units, Initializer kernelInitializer, Regularizer? kernelRegularizer) =>
            new Dense { Units = units, KernelInitializer = kernelInitializer, KernelRegularizer = kernelRegularizer }.Build(context, x);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a fully connected layer; see <see cref="Layers.Dense"/>.</summary>
        /// <param name="units">Number of outputs.</param>
        /// <param name="useBias">Whether a bias is added.</param>
        /// <param name="kernelInitializer">First values of the kernel; default Glorot uniform.</param>
        /// <param name="name">The layer's name.</param>
        /// <param name="kernelRegularizer">Penalty on the kernel; default none.</param>
        public Network Dense(int units, bool useBias = true, Initializer? kernelInitializer = null, string? name = null, Regularizer? kernelRegularizer = null) => Append(new Dense
        {
            Name = name,
            Units = units,
            UseBias = useBias,
            KernelInitializer = kernelInitializer ?? new GlorotUniform(),
            KernelRegularizer = kernelRegularizer,
        });
    }
}
