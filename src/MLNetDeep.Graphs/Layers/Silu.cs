using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Sigmoid linear unit, also called swish: x·sigmoid(x) (Elfwing, Uchibe and Doya 2018).</summary>
    /// <remarks>Input and output: any shape.</remarks>
    public sealed record Silu : SimpleLayer
    {
        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(x);
            return x * Ops.Sigmoid(x);
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Sigmoid linear unit, also called swish: x·sigmoid(x) (Elfwing, Uchibe and Doya 2018).</summary>
        /// <param name="name">The layer's name.</param>
        public Network Silu(string? name = null) => Append(new Silu { Name = name });
    }
}
