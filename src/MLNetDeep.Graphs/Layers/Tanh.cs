using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Hyperbolic tangent.</summary>
    /// <remarks>Input and output: any shape.</remarks>
    public sealed record Tanh : SimpleLayer
    {
        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Ops.Tanh(x);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Hyperbolic tangent.</summary>
        /// <param name="name">The layer's name.</param>
        public Network Tanh(string? name = null) => Append(new Tanh { Name = name });
    }
}
