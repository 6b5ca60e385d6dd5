using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// Rotary position embedding (Su et al. 2021): pairs of features - one of the first half, one of the second - are turned by an angle that grows with the position,
    /// so that products of queries and keys depend on how far apart they stand. For both before attention; <see cref="MultiHeadAttention.UseRotaryEmbedding"/> does it between the projections and the heads.
    /// </summary>
    /// <remarks>Input and output: (batch, steps, size) or (batch, steps, heads, size), the size even.</remarks>
    public sealed record RotaryEmbedding : SimpleLayer
    {
        /// <summary>Pair i turns by <c>position / MaxWavelength^(2i / size)</c>. Default 10000.</summary>
        public float MaxWavelength { get; init; } = 10000;

        /// <summary>What positions are divided by, to fit longer sequences than were learnt from. Default 1.</summary>
        public float ScalingFactor { get; init; } = 1;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) => Rotate(x, MaxWavelength, ScalingFactor);

        internal static Tensor Rotate(Tensor x, float maxWavelength, float scalingFactor)
        {
            ArgumentNullException.ThrowIfNull(x);
            if (x.DType != DType.Float32 || x.Shape.Rank is not (3 or 4) || x.Shape.BatchAxis != 0 || x.Shape[^1] % 2 != 0)
                throw new ArgumentException("expected numbers of shape (batch, steps, size) or (batch, steps, heads, size), the size even.");
            if (!(maxWavelength > 0) || !(scalingFactor > 0))
                throw new ArgumentException($"MaxWavelength is {maxWavelength} and ScalingFactor {scalingFactor}, expected more than 0.");
            int steps = x.Shape[1], size = x.Shape[^1], half = size / 2, rowSize = x.Shape.RowSize() / steps;

            // The angles of every element of a row, so that the product needs no broadcast but the batch's.
            float[] cos = new float[steps * rowSize], sin = new float[steps * rowSize];
            for (int i = 0; i < cos.Length; i++)
            {
                double angle = i / rowSize / scalingFactor / Math.Pow(maxWavelength, 2.0 * (i % half) / size);
                (cos[i], sin[i]) = ((float)Math.Cos(angle), (float)Math.Sin(angle));
            }

            Shape row = new(x.Shape.Dims[1..]);
            Tensor turned = Ops.Concatenate([-Ops.Slice(x, -1, half, half), Ops.Slice(x, -1, 0, half)], -1);
            return x * Ops.Constant(x.Graph, cos, row) + turned * Ops.Constant(x.Graph, sin, row);
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends rotary position embedding; see <see cref="Layers.RotaryEmbedding"/>.</summary>
        /// <param name="maxWavelength">The slowest pair turns by about a circle over this many positions, times 2π.</param>
        /// <param name="scalingFactor">What positions are divided by.</param>
        /// <param name="name">The layer's name.</param>
        public Network RotaryEmbedding(double maxWavelength = 10000, double scalingFactor = 1, string? name = null) =>
            Append(new RotaryEmbedding { Name = name, MaxWavelength = (float)maxWavelength, ScalingFactor = (float)scalingFactor });
    }
}
