using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The elementwise difference of two inputs, the first less the second.</summary>
    /// <remarks>Inputs: equal shapes, or 1 along axes where the other has more. Output: the larger shape.</remarks>
    public sealed record Subtract : MergeLayer
    {
        /// <inheritdoc/>
        internal protected override int InputCount => 2;

        /// <inheritdoc/>
        protected override Tensor Merge(IReadOnlyList<Tensor> inputs) => Fold(inputs, Ops.Subtract);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>This less <paramref name="other"/>, element by element; see <see cref="Layers.Subtract"/>.</summary>
        /// <param name="other">What is taken away.</param>
        public Network Subtract(Network other) => Combine(new Subtract(), this, other);
    }
}
