using MLNetDeep.Initializers;

namespace MLNetDeep;

public sealed partial class Network
{
    /// <summary>
    /// Appends a residual block of a temporal convolutional network (Bai, Kolter and Koltun 2018): twice a causal convolution, ReLU and dropout of channels, then the sum with
    /// the block's input (through a convolution of window 1 where it has other channels) and ReLU. The weights are not normalised. A mask goes on.
    /// </summary>
    /// <param name="filters">Channels of the output.</param>
    /// <param name="kernelSize">Length of the windows.</param>
    /// <param name="dilationRate">Distance between neighbouring cells of the windows.</param>
    /// <param name="dropout">Share of channels dropped while training.</param>
    /// <param name="projects">Whether the input goes through a convolution of window 1. It must where it has other channels than <paramref name="filters"/>. Default true.</param>
    public Network TcnBlock(int filters, int kernelSize = 3, int dilationRate = 1, double dropout = 0, bool projects = true)
    {
        Network inner = this;
        for (int i = 0; i < 2; i++)
        {
            inner = inner.Conv1D(filters, kernelSize, padding: Padding.Causal, dilationRate: dilationRate, kernelInitializer: new HeNormal()).Relu();
            if (dropout > 0)
                inner = inner.SpatialDropout1D(dropout);
        }

        return (projects ? Conv1D(filters, 1, padding: Padding.Same) : this).Add(inner).Relu();
    }
}
