using MLNetDeep.Initializers;
using MLNetDeep.Layers;

namespace MLNetDeep;

public static partial class Networks
{
    // The deviation of first kernels in the paper.
    private static readonly RandomNormal DcGanKernel = new(0, 0.02f);

    /// <summary>
    /// The generator of a deep convolutional GAN (Radford, Metz and Chintala 2016): a dense layer to a small image of many channels, then transposed 4 x 4 convolutions that double
    /// the image, with batch normalisation and ReLU between, and tanh at the end: pixels from -1 to 1. Input: a latent vector and, with classes, a class as one-hot numbers, which is joined to it.
    /// </summary>
    /// <param name="size">Height and width of the images: multiples of 4 whose half, quarter and so on lead to 4 to 7 cells, such as 28, 32 and 64.</param>
    /// <param name="channels">Channels: 1 for grey, 3 for colour. Default 1.</param>
    /// <param name="latent">Length of the latent vector. Default 64.</param>
    /// <param name="classes">Number of classes; null for images of no class in particular. Default null.</param>
    /// <param name="filters">Filters of the last layer but one; each layer before has twice as many. Default 64.</param>
    /// <exception cref="ArgumentException">A number is less than 1, or the size is not as described.</exception>
    /// <example><c>Networks.DcGanGenerator(28, classes: 10)</c></example>
    public static Network DcGanGenerator(Size2D size, int channels = 1, int latent = 64, int? classes = null, int filters = 64)
    {
        int doublings = Doublings(nameof(DcGanGenerator), size, channels, classes, filters);
        if (latent < 1)
            throw new ArgumentException($"{nameof(DcGanGenerator)}: latent is {latent}, expected at least 1.", nameof(latent));
        int height = size.Height >> doublings, width = size.Width >> doublings, depth = checked(filters << (doublings - 1));
        Network input = Network.Input("latent", latent);
        if (classes is { } count)
            input = input.Concatenate(Network.Input("class", count));
        Network network = input.Dense(checked(height * width * depth), kernelInitializer: DcGanKernel).Reshape(height, width, depth).BatchNormalization(0.9, 1e-5).Relu();
        for (int i = doublings - 1; i > 0; i--)
            network = network.Conv2DTranspose(depth >>= 1, 4, strides: 2, padding: Padding.Same, kernelInitializer: DcGanKernel).BatchNormalization(0.9, 1e-5).Relu();
        return network.Conv2DTranspose(channels, 4, strides: 2, padding: Padding.Same, kernelInitializer: DcGanKernel).Tanh();
    }

    /// <summary>
    /// The discriminator to <see cref="DcGanGenerator"/>: 4 x 4 convolutions that halve the image, with leaky ReLU of slope 0.2 and, but for the first, batch normalisation; then one
    /// score without an activation. With classes, the class as one-hot numbers becomes one more channel of the image, by a dense layer (Mirza and Osindero 2014).
    /// </summary>
    /// <param name="size">Height and width of the images, as the generator's.</param>
    /// <param name="channels">Channels: 1 for grey, 3 for colour. Default 1.</param>
    /// <param name="classes">Number of classes; null for images of no class in particular. Default null.</param>
    /// <param name="filters">Filters of the first layer; each after it has twice as many. Default 64.</param>
    /// <param name="batchNormalization">Whether layers are normalised over the batch; false for a gradient penalty (WGAN-GP) or <see cref="Network.WithSpectralNormalization"/>. Default true.</param>
    /// <exception cref="ArgumentException">A number is less than 1, or the size is not as described.</exception>
    public static Network DcGanDiscriminator(Size2D size, int channels = 1, int? classes = null, int filters = 64, bool batchNormalization = true)
    {
        int halvings = Doublings(nameof(DcGanDiscriminator), size, channels, classes, filters);
        Network network = Network.Input("image", size.Height, size.Width, channels);
        if (classes is { } count)
            network = network.Concatenate(Network.Input("class", count).Dense(checked(size.Height * size.Width)).Reshape(size.Height, size.Width, 1));
        for (int i = 0; i < halvings; i++)
        {
            network = network.Conv2D(checked(filters << i), 4, strides: 2, padding: 1, kernelInitializer: DcGanKernel);
            if (i > 0 && batchNormalization)
                network = network.BatchNormalization(0.9, 1e-5);
            network = network.LeakyRelu(0.2);
        }

        return network.Flatten().Dense(1, kernelInitializer: DcGanKernel);
    }

    // How often an image is halved until 4 to 7 cells are left of its shorter side.
    private static int Doublings(string network, Size2D size, int channels, int? classes, int filters)
    {
        if (channels < 1 || classes < 1 || filters < 1)
            throw new ArgumentException($"{network}: channels {channels}, classes {classes}, filters {filters}; expected each at least 1.");
        int count = 0, side = Math.Min(size.Height, size.Width);
        for (; side >= 8; side /= 2)
            count++;
        return count >= 1 && size.Height % (1 << count) == 0 && size.Width % (1 << count) == 0 && side >= 4
            ? count
            : throw new ArgumentException($"{network}: images of {size}; expected sides that can be halved until 4 to 7 cells are left of the shorter one, such as 28, 32 and 64.", nameof(size));
    }
}
