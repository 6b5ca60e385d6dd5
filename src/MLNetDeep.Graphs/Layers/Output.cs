using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Layers
{
    /// <summary>The output of a regression: a dense layer, linear.</summary>
    /// <remarks>Input: (batch, ..., features). Output: (batch, ..., units). Weights: kernel (features, units), bias (units).</remarks>
    public sealed record Output : OutputLayer
    {
        /// <summary>Number of outputs. Default null: as many as the task asks for (<see cref="BuildContext.OutputUnits"/>).</summary>
        public int? Units { get; init; }

        /// <summary>First values of the kernel. Default Glorot uniform.</summary>
        public Initializer KernelInitializer { get; init; } = new GlorotUniform();

        /// <summary>Penalty on the kernel. Default none.</summary>
        public Regularizer? KernelRegularizer { get; init; }

        internal override Layer WithOutput(int units, Layer? activation) => Units is null ? this with { Units = units } : this;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(context);
            return Dense.Build(context, x, OutputUnits(context, Units, "outputs"), KernelInitializer, KernelRegularizer);
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Ends the network with linear outputs; see <see cref="Layers.Output"/>.</summary>
        /// <param name="units">Number of outputs; default: as many as the task asks for.</param>
        /// <param name="name">The layer's name.</param>
        public Network Output(int? units = null, string? name = null) => Append(new Output { Name = name, Units = units });
    }
}
