using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The elementwise sum of several inputs.</summary>
    /// <remarks>Inputs: equal shapes, or 1 along axes where others have more. Output: the larger shape.</remarks>
    public sealed record Add : MergeLayer
    {
        /// <inheritdoc/>
        protected override Tensor Merge(IReadOnlyList<Tensor> inputs) => Fold(inputs, Ops.Add);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>The elementwise sum with <paramref name="others"/>; see <see cref="Layers.Add"/>.</summary>
        /// <param name="others">The other branches, such as a residual connection's.</param>
        public Network Add(params IReadOnlyList<Network> others) => Combine(new Add(), [this, .. others]);
    }
}
