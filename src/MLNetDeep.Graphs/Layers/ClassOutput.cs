using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// The output of a classifier: a dense layer and, for several classes, the softmax of its outputs; for 1 (two classes) the sigmoid: the probability of the positive one.
    /// </summary>
    /// <remarks>Input: (batch, ..., features). Output: (batch, ..., classes). Weights: kernel (features, classes), bias (classes).</remarks>
    public sealed record ClassOutput : OutputLayer
    {
        /// <summary>Number of classes, or 1 for the probability of the positive one of two. Default null: as many as the task asks for (<see cref="BuildContext.OutputUnits"/>).</summary>
        public int? Classes { get; init; }

        /// <summary>First values of the kernel. Default Glorot uniform.</summary>
        public Initializer KernelInitializer { get; init; } = new GlorotUniform();

        /// <summary>Penalty on the kernel. Default none.</summary>
        public Regularizer? KernelRegularizer { get; init; }

        internal override Layer WithOutput(int units, Layer? activation) => Classes is null ? this with { Classes = units } : this;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(context);
            int units = OutputUnits(context, Classes, "classes");
            Tensor logits = Dense.Build(context, x, units, KernelInitializer, KernelRegularizer);
            return units == 1 ? Ops.Sigmoid(logits) : Ops.Softmax(logits);
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Ends the network with the probabilities of classes; see <see cref="Layers.ClassOutput"/>.</summary>
        /// <param name="classes">Number of classes, or 1 for the probability of the positive one of two; default: as many as the label column has.</param>
        /// <param name="name">The layer's name.</param>
        public Network ClassOutput(int? classes = null, string? name = null) => Append(new ClassOutput { Name = name, Classes = classes });
    }
}
