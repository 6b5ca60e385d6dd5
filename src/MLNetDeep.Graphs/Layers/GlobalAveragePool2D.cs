using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The mean of each channel over the whole of images.</summary>
    /// <remarks>Input: (batch, height, width, channels). Output: (batch, channels), or with <see cref="GlobalPool.KeepDims"/> the input's axes with 1 between batch and channels. A mask ends here.</remarks>
    public sealed record GlobalAveragePool2D : GlobalPool
    {
        private protected override int SpatialAxes => 2;

        private protected override bool IsMax => false;
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends the mean of each channel; see <see cref="Layers.GlobalAveragePool2D"/>.</summary>
        /// <param name="keepDims">Whether the axes between batch and channels stay, with length 1.</param>
        /// <param name="name">The layer's name.</param>
        public Network GlobalAveragePool2D(bool keepDims = false, string? name = null) => Append(new GlobalAveragePool2D { Name = name, KeepDims = keepDims });
    }
}
