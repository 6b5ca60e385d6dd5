using MLNetDeep.Initializers;

namespace MLNetDeep;

public static partial class Networks
{
    /// <summary>A residual network (He et al. 2016): blocks of convolutions whose input is added to their output, so that dozens of them can be trained.</summary>
    /// <remarks>
    /// Depth 20, 32, 44 or 56: as for CIFAR, for small images: a 3 x 3 convolution, three stages of 16, 32 and 64 filters.
    /// Depth 18, 34 or 50: as for ImageNet: a 7 x 7 convolution of stride 2 and a pool, four stages of 64 to 512 filters; blocks of two convolutions, or for 50 of three with
    /// four times the filters at their end (strides in the middle one, as torchvision). Where a block changes the image's shape, a 1 x 1 convolution brings its input to the new one.
    /// Batch normalisation with momentum 0.9 and epsilon 1e-5; convolutions pad both sides alike, as PyTorch.
    /// The ends of stages are called <c>stage1</c>, <c>stage2</c>, ..., the vector that the output sees <c>features</c>.
    /// </remarks>
    /// <param name="depth">Number of layers with weights: 20, 32, 44, 56, 18, 34 or 50.</param>
    /// <param name="size">Height and width of the images. Default: those of the data, whose column must then say so itself.</param>
    /// <param name="channels">Channels. Default 3. Without a size the data's.</param>
    /// <exception cref="ArgumentException">There is no such depth, or a size is less than 1.</exception>
    /// <example><c>Networks.ResNet(20, (32, 32))</c></example>
    public static Network ResNet(int depth, Size2D? size = null, int channels = 3)
    {
        (int[] blocks, int filters, bool isDeep) = depth switch
        {
            20 or 32 or 44 or 56 => ([(depth - 2) / 6, (depth - 2) / 6, (depth - 2) / 6], 16, false),
            18 => (new[] { 2, 2, 2, 2 }, 64, false),
            34 => ([3, 4, 6, 3], 64, false),
            50 => ([3, 4, 6, 3], 64, true),
            _ => throw new ArgumentException($"ResNet: depth is {depth}, expected 20, 32, 44 or 56 for small images, 18, 34 or 50 for large ones.", nameof(depth)),
        };
        Network network = Images("ResNet", size, channels);
        network = blocks.Length == 3 ? Normalized(network, filters, 3).Relu() : Normalized(network, filters, 7, 2).Relu().MaxPool2D(3, 2, 1);
        int width = filters;
        for (int stage = 0; stage < blocks.Length; stage++, filters *= 2)
        {
            for (int block = 0; block < blocks[stage]; block++)
            {
                int stride = stage > 0 && block == 0 ? 2 : 1, outputs = isDeep ? 4 * filters : filters;
                Network changed = isDeep
                    ? Normalized(Normalized(Normalized(network, filters, 1).Relu(), filters, 3, stride).Relu(), outputs, 1)
                    : Normalized(Normalized(network, filters, 3, stride).Relu(), outputs, 3);
                Network kept = stride == 1 && width == outputs ? network : Normalized(network, outputs, 1, stride);
                network = changed.Add(kept).Relu(name: block == blocks[stage] - 1 ? $"stage{stage + 1}" : null);
                width = outputs;
            }
        }

        return network.GlobalAveragePool2D(name: "features").TaskOutput();
    }

    // A convolution that keeps the image's size, or divides it by the stride, and normalisation, which subtracts any bias.
    private static Network Normalized(Network network, int filters, int kernel, int stride = 1) =>
        network.Conv2D(filters, kernel, stride, kernel / 2, useBias: false, kernelInitializer: new HeNormal()).BatchNormalization(momentum: 0.9, epsilon: 1e-5);
}
