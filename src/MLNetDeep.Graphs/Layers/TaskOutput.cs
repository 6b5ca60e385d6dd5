using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// The output that the task calls for, so that one network serves them all: the softmax of as many outputs as there are classes, one sigmoid for two classes,
    /// one linear output for a regression.
    /// </summary>
    /// <remarks>Input: (batch, ..., features). Output: (batch, ..., units). Weights: kernel (features, units), bias (units).</remarks>
    public sealed record TaskOutput : OutputLayer
    {
        /// <summary>Number of outputs. Default null: number and activation are those that the task asks for (<see cref="BuildContext.OutputUnits"/>, <see cref="BuildContext.OutputActivation"/>).</summary>
        public int? Units { get; init; }

        /// <summary>What follows the dense layer once <see cref="Units"/> is given; null for nothing. A layer without weights.</summary>
        public Layer? Activation { get; init; }

        /// <summary>First values of the kernel. Default Glorot uniform.</summary>
        public Initializer KernelInitializer { get; init; } = new GlorotUniform();

        internal override Layer WithOutput(int units, Layer? activation) => Units is null ? this with { Units = units, Activation = activation } : this;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(context);
            Tensor y = Dense.Build(context, x, OutputUnits(context, Units, "outputs"), KernelInitializer, null);
            return (Units is null ? context.OutputActivation : Activation) is { } activation ? activation.Build(context, [new(y)])[0].Value : y;
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Ends the network with the output that the task calls for; see <see cref="Layers.TaskOutput"/>.</summary>
        /// <param name="name">The layer's name.</param>
        public Network TaskOutput(string? name = null) => Append(new TaskOutput { Name = name });
    }
}
