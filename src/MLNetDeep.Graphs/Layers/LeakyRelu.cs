using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Leaky rectified linear unit: x where positive, else a small slope times x (Maas, Hannun and Ng 2013).</summary>
    /// <remarks>Input and output: any shape.</remarks>
    public sealed record LeakyRelu : SimpleLayer
    {
        /// <summary>The slope for negative inputs. Default 0.3, as Keras (PyTorch: 0.01).</summary>
        public float NegativeSlope { get; init; } = 0.3f;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Ops.LeakyRelu(x, NegativeSlope);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Leaky rectified linear unit: x where positive, else a small slope times x (Maas, Hannun and Ng 2013).</summary>
        /// <param name="negativeSlope">The slope for negative inputs.</param>
        /// <param name="name">The layer's name.</param>
        public Network LeakyRelu(double negativeSlope = 0.3, string? name = null) => Append(new LeakyRelu { Name = name, NegativeSlope = (float)negativeSlope });
    }
}
