using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Rectified linear unit: x where positive, else 0.</summary>
    /// <remarks>Input and output: any shape.</remarks>
    public sealed record Relu : SimpleLayer
    {
        /// <summary>What the output is limited to, such as 6. Default null: no limit.</summary>
        public float? MaxValue { get; init; }

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(x);
            if (!(MaxValue is null or > 0))
                throw new ArgumentException($"MaxValue is {MaxValue}, expected more than 0.");
            return MaxValue is { } max ? Ops.Minimum(Ops.Relu(x), Ops.Like(x, max)) : Ops.Relu(x);
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Rectified linear unit: x where positive, else 0.</summary>
        /// <param name="maxValue">What the output is limited to; default no limit.</param>
        /// <param name="name">The layer's name.</param>
        public Network Relu(double? maxValue = null, string? name = null) => Append(new Relu { Name = name, MaxValue = (float?)maxValue });
    }
}
