using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The elementwise product of several inputs.</summary>
    /// <remarks>Inputs: equal shapes, or 1 along axes where others have more. Output: the larger shape.</remarks>
    public sealed record Multiply : MergeLayer
    {
        /// <inheritdoc/>
        protected override Tensor Merge(IReadOnlyList<Tensor> inputs) => Fold(inputs, Ops.Multiply);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>The elementwise product with <paramref name="others"/>; see <see cref="Layers.Multiply"/>.</summary>
        /// <param name="others">The other branches, such as a gate's.</param>
        public Network Multiply(params IReadOnlyList<Network> others) => Combine(new Multiply(), [this, .. others]);
    }
}
