using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The mean of each channel over the whole of sequences.</summary>
    /// <remarks>Input: (batch, steps, channels). Output: (batch, channels), or with <see cref="GlobalPool.KeepDims"/> the input's axes with 1 between batch and channels. Masked steps do not count. A mask ends here.</remarks>
    public sealed record GlobalAveragePool1D : GlobalPool
    {
        private protected override int SpatialAxes => 1;

        private protected override bool IsMax => false;
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends the mean of each channel; see <see cref="Layers.GlobalAveragePool1D"/>.</summary>
        /// <param name="keepDims">Whether the axes between batch and channels stay, with length 1.</param>
        /// <param name="name">The layer's name.</param>
        public Network GlobalAveragePool1D(bool keepDims = false, string? name = null) => Append(new GlobalAveragePool1D { Name = name, KeepDims = keepDims });
    }
}
