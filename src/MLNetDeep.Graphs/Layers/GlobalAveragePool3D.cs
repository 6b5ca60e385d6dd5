using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The mean of each channel over the whole of volumes.</summary>
    /// <remarks>Input: (batch, depth, height, width, channels). Output: (batch, channels), or with <see cref="GlobalPool.KeepDims"/> the input's axes with 1 between batch and channels. A mask ends here.</remarks>
    public sealed record GlobalAveragePool3D : GlobalPool
    {
        private protected override int SpatialAxes => 3;

        private protected override bool IsMax => false;
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends the mean of each channel; see <see cref="Layers.GlobalAveragePool3D"/>.</summary>
        /// <param name="keepDims">Whether the axes between batch and channels stay, with length 1.</param>
        /// <param name="name">The layer's name.</param>
        public Network GlobalAveragePool3D(bool keepDims = false, string? name = null) => Append(new GlobalAveragePool3D { Name = name, KeepDims = keepDims });
    }
}
