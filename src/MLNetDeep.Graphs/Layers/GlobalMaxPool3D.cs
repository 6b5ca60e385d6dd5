using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The largest element of each channel over the whole of volumes.</summary>
    /// <remarks>Input: (batch, depth, height, width, channels). Output: (batch, channels), or with <see cref="GlobalPool.KeepDims"/> the input's axes with 1 between batch and channels. A mask ends here.</remarks>
    public sealed record GlobalMaxPool3D : GlobalPool
    {
        private protected override int SpatialAxes => 3;

        private protected override bool IsMax => true;
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends the largest element of each channel; see <see cref="Layers.GlobalMaxPool3D"/>.</summary>
        /// <param name="keepDims">Whether the axes between batch and channels stay, with length 1.</param>
        /// <param name="name">The layer's name.</param>
        public Network GlobalMaxPool3D(bool keepDims = false, string? name = null) => Append(new GlobalMaxPool3D { Name = name, KeepDims = keepDims });
    }
}
