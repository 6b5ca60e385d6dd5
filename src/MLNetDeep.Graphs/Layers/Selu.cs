using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Scaled exponential linear unit (Klambauer et al. 2017); goes with LeCun normal kernels.</summary>
    /// <remarks>Input and output: any shape.</remarks>
    public sealed record Selu : SimpleLayer
    {
        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Ops.Selu(x);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Scaled exponential linear unit (Klambauer et al. 2017); goes with LeCun normal kernels.</summary>
        /// <param name="name">The layer's name.</param>
        public Network Selu(string? name = null) => Append(new Selu { Name = name });
    }
}
