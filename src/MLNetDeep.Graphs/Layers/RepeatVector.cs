using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>A row repeated as the steps of a sequence.</summary>
    /// <remarks>Input: (batch, features). Output: (batch, <see cref="N"/>, features).</remarks>
    public sealed record RepeatVector : Layer
    {
        // Steps are made by a product with as many ones.
        private const int MostSteps = 1 << 20;

        /// <summary>Number of steps; 1 to 1,048,576.</summary>
        public required int N { get; init; }

        /// <inheritdoc/>
        public override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
        {
            ArgumentNullException.ThrowIfNull(inputs);
            Tensor x = inputs[0].Value;
            if (N is < 1 or > MostSteps)
                throw new ArgumentException($"N is {N}, expected 1 to {MostSteps}.");
            if (x.DType != DType.Float32 || x.Shape.Rank != 2 || x.Shape.BatchAxis != 0)
                throw new ArgumentException("expected numbers of shape (batch, features).");
            Tensor steps = Ops.Constant(x.Graph, [.. Enumerable.Repeat(1f, N)], new Shape(N, 1));
            return [new(Ops.Reshape(x, x.Shape.WithRows(1, x.Shape[1])) * steps)];
        }
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends a layer that makes a sequence of a row, repeated; see <see cref="Layers.RepeatVector"/>.</summary>
        /// <param name="n">Number of steps.</param>
        /// <param name="name">The layer's name.</param>
        public Network RepeatVector(int n, string? name = null) => Append(new RepeatVector { Name = name, N = n });
    }
}
