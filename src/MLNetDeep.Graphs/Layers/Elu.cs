using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Exponential linear unit: x where positive, else alpha·(eˣ - 1) (Clevert, Unterthiner and Hochreiter 2016).</summary>
    /// <remarks>Input and output: any shape.</remarks>
    public sealed record Elu : SimpleLayer
    {
        /// <summary>The value far to the negative side is minus this. Default 1.</summary>
        public float Alpha { get; init; } = 1;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Ops.Elu(x, Alpha);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Exponential linear unit: x where positive, else alpha·(eˣ - 1) (Clevert, Unterthiner and Hochreiter 2016).</summary>
        /// <param name="alpha">The value far to the negative side is minus this.</param>
        /// <param name="name">The layer's name.</param>
        public Network Elu(double alpha = 1, string? name = null) => Append(new Elu { Name = name, Alpha = (float)alpha });
    }
}
