using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The sigmoid 1 / (1 + e⁻ˣ).</summary>
    /// <remarks>Input and output: any shape.</remarks>
    public sealed record Sigmoid : SimpleLayer
    {
        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Ops.Sigmoid(x);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>The sigmoid 1 / (1 + e⁻ˣ).</summary>
        /// <param name="name">The layer's name.</param>
        public Network Sigmoid(string? name = null) => Append(new Sigmoid { Name = name });
    }
}
