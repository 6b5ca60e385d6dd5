using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The largest element of each channel over the whole of sequences.</summary>
    /// <remarks>Input: (batch, steps, channels). Output: (batch, channels), or with <see cref="GlobalPool.KeepDims"/> the input's axes with 1 between batch and channels. Masked steps do not count. (Keras leaves them in.) A mask ends here.</remarks>
    public sealed record GlobalMaxPool1D : GlobalPool
    {
        private protected override int SpatialAxes => 1;

        private protected override bool IsMax => true;
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends the largest element of each channel; see <see cref="Layers.GlobalMaxPool1D"/>.</summary>
        /// <param name="keepDims">Whether the axes between batch and channels stay, with length 1.</param>
        /// <param name="name">The layer's name.</param>
        public Network GlobalMaxPool1D(bool keepDims = false, string? name = null) => Append(new GlobalMaxPool1D { Name = name, KeepDims = keepDims });
    }
}
