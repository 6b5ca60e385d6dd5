using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Softmax: exponentials over their sum along the last axis, so that they are the probabilities of classes.</summary>
    /// <remarks>Input and output: (batch, ..., classes).</remarks>
    public sealed record Softmax : SimpleLayer
    {
        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Ops.Softmax(x);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Softmax: exponentials over their sum along the last axis, so that they are the probabilities of classes.</summary>
        /// <param name="name">The layer's name.</param>
        public Network Softmax(string? name = null) => Append(new Softmax { Name = name });
    }
}
