using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Softplus: ln(1 + eˣ), a smooth positive number.</summary>
    /// <remarks>Input and output: any shape.</remarks>
    public sealed record Softplus : SimpleLayer
    {
        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Ops.Softplus(x);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Softplus: ln(1 + eˣ), a smooth positive number.</summary>
        /// <param name="name">The layer's name.</param>
        public Network Softplus(string? name = null) => Append(new Softplus { Name = name });
    }
}
