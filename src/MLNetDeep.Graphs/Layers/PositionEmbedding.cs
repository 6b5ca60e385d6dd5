using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>Adds a learnt vector for each position to a sequence.</summary>
    /// <remarks>
    /// Input and output: (batch, steps, features), with at most <see cref="SequenceLength"/> steps. Weights: embeddings (sequence length, features).
    /// (Keras Hub's layer of this name gives the vectors without the input.)
    /// </remarks>
    public sealed record PositionEmbedding : SimpleLayer
    {
        /// <summary>Number of positions. Default null: as many as the input has steps.</summary>
        public int? SequenceLength { get; init; }

        /// <summary>First values of the vectors. Default Glorot uniform.</summary>
        public Initializer Initializer { get; init; } = new GlorotUniform();

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(x);
            SpatialLayer.Require(x, 1);
            int steps = x.Shape[1], positions = SequenceLength ?? steps;
            if (steps > positions)
                throw new ArgumentException($"the input has {steps} steps, more than the SequenceLength of {positions}.");
            Tensor table = context.AddWeight("embeddings", new Shape(positions, x.Shape[2]), Initializer).Tensor;
            return x + Windows.Range(table, 0, 0, steps);
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Adds a learnt vector for each position; see <see cref="Layers.PositionEmbedding"/>.</summary>
        /// <param name="sequenceLength">Number of positions; default as many as the input has steps.</param>
        /// <param name="name">The layer's name.</param>
        public Network PositionEmbedding(int? sequenceLength = null, string? name = null) => Append(new PositionEmbedding { Name = name, SequenceLength = sequenceLength });
    }
}
