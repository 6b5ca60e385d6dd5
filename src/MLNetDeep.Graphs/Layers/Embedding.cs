using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Layers
{
    /// <summary>A learnt vector for each token or category.</summary>
    /// <remarks>
    /// Input: Int32 ids from 0 to <see cref="InputDim"/> - 1, (batch, ...). Output: (batch, ..., <see cref="OutputDim"/>). Weights: embeddings (input_dim, output_dim).
    /// </remarks>
    public sealed record Embedding : Layer
    {
        /// <summary>Number of ids; at least 1. Default null: as many as the data has, see <see cref="Network.WithTokenCounts"/>.</summary>
        public int? InputDim { get; init; }

        /// <summary>Length of the vectors; at least 1.</summary>
        public required int OutputDim { get; init; }

        /// <summary>Whether id 0 is padding: the layers that follow skip it. The input must be (batch, steps). Default false.</summary>
        public bool MaskZero { get; init; }

        /// <summary>First values of the vectors. Default uniform in ±0.05.</summary>
        public Initializer EmbeddingsInitializer { get; init; } = new RandomUniform();

        /// <summary>Penalty on the vectors. Default none.</summary>
        public Regularizer? EmbeddingsRegularizer { get; init; }

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(context);
            ArgumentNullException.ThrowIfNull(inputs);
            (Tensor ids, Tensor? mask) = inputs[0];
            int inputDim = InputDim ?? throw new UnknownSizeException("the number of ids is not known yet: it comes from the keys of the feature column at Fit. Give it to the layer, or call WithTokenCounts.");
            if (InputDim < 1 || OutputDim < 1)
                throw new ArgumentException($"InputDim is {InputDim} and OutputDim {OutputDim}, expected at least 1.");
            if (ids.DType != DType.Int32)
                throw new ArgumentException($"expected Int32 ids (Network.TokenInput), received {ids.DType}.");
            if (MaskZero)
            {
                if (ids.Shape.Rank != 2)
                    throw new ArgumentException("MaskZero needs ids of shape (batch, steps).");
                Tensor real = Ops.NotEqual(Ops.Cast(ids), Ops.Like(ids, 0));
                mask = mask is null ? real : Ops.LogicalAnd(mask, real);
            }

            Tensor table = context.AddWeight("embeddings", new Shape(inputDim, OutputDim), EmbeddingsInitializer, regularizer: EmbeddingsRegularizer).Tensor;
            return [new(Ops.Gather(table, ids), mask)];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends an embedding of ids; see <see cref="Layers.Embedding"/>.</summary>
        /// <param name="inputDim">Number of ids; null to take it from the data at Fit.</param>
        /// <param name="outputDim">Length of the vectors.</param>
        /// <param name="maskZero">Whether id 0 is padding.</param>
        /// <param name="name">The layer's name.</param>
        public Network Embedding(int? inputDim, int outputDim, bool maskZero = false, string? name = null) =>
            Append(new Embedding { Name = name, InputDim = inputDim, OutputDim = outputDim, MaskZero = maskZero });
    }
}
