using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>
    /// Sets a random share of the channels of sequences to 0 as a whole while training and scales the others up to make good for it; does nothing in scoring
    /// (Tompson et al. 2015). Neighbouring steps are alike, so that dropping some of them alone would hide little.
    /// </summary>
    /// <remarks>Input and output: (batch, steps, channels). The choice is a function of the model's seed, the layer's name and the step.</remarks>
    public sealed record SpatialDropout1D : SpatialDropout
    {
        private protected override int SpatialAxes => 1;
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends dropout of whole channels; see <see cref="Layers.SpatialDropout1D"/>.</summary>
        /// <param name="rate">The share of channels set to 0 while training.</param>
        /// <param name="name">The layer's name.</param>
        public Network SpatialDropout1D(double rate, string? name = null) => Append(new SpatialDropout1D { Name = name, Rate = (float)rate });
    }
}
