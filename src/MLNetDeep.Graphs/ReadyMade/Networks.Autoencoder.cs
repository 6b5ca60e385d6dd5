using MLNetDeep.Initializers;

namespace MLNetDeep;

public static partial class Networks
{
    /// <summary>
    /// A network that learns to give back its input through a narrow layer, called <c>code</c>: <c>UpTo("code")</c> is the encoder. Dense layers with ReLU, the decoder the mirror image of the encoder;
    /// outputs are linear. The target is the input.
    /// </summary>
    /// <param name="features">Number of inputs and outputs. Default: as many as the features column has.</param>
    /// <param name="hidden">Sizes of the encoder's hidden layers. Default 128 and 64.</param>
    /// <param name="code">Size of the code. Default 32.</param>
    /// <exception cref="ArgumentException">A size is less than 1.</exception>
    /// <example><c>Networks.Autoencoder(hidden: [256, 64], code: 8)</c></example>
    public static Network Autoencoder(int? features = null, IReadOnlyList<int>? hidden = null, int code = 32)
    {
        hidden ??= [128, 64];
        if (features < 1 || code < 1 || hidden.Any(h => h < 1))
            throw new ArgumentException($"Autoencoder: features {features}, hidden [{string.Join(", ", hidden)}], code {code}; expected each at least 1.");
        Network network = (features is { } size ? Network.Input(size) : Network.Input()).Flatten();
        foreach (int units in hidden)
            network = network.Dense(units, kernelInitializer: new HeUniform()).Relu();
        network = network.Dense(code, name: "code");
        foreach (int units in hidden.Reverse())
            network = network.Dense(units, kernelInitializer: new HeUniform()).Relu();
        return network.Output(features);
    }

    /// <summary>
    /// A network that learns to give back images through a narrow layer, called <c>code</c>: <c>UpTo("code")</c> is the encoder. Convolutions of stride 2 with ReLU, a dense code,
    /// then dense and transposed convolutions back to the image; outputs are linear. The target is the input.
    /// </summary>
    /// <param name="size">Height and width of the images.</param>
    /// <param name="channels">Channels: 1 for grey, 3 for colour.</param>
    /// <param name="filters">Filters of the convolutions, each of which halves the image. Default 32 and 64.</param>
    /// <param name="code">Size of the code. Default 32.</param>
    /// <exception cref="ArgumentException">A size is less than 1.</exception>
    /// <example><c>Networks.Autoencoder((28, 28), channels: 1, code: 16)</c></example>
    public static Network Autoencoder(Size2D size, int channels, IReadOnlyList<int>? filters = null, int code = 32)
    {
        filters ??= [32, 64];
        if (code < 1 || filters.Count is 0 or > 16 || filters.Any(f => f < 1))
            throw new ArgumentException($"Autoencoder: filters [{string.Join(", ", filters)}], code {code}; expected one to 16 numbers of filters, each at least 1.");
        Network network = Images("Autoencoder", size, channels);
        Size2D small = size;
        foreach (int count in filters)
        {
            network = network.Conv2D(count, 3, 2, Padding.Same, kernelInitializer: new HeNormal()).Relu();
            small = ((small.Height + 1) / 2, (small.Width + 1) / 2);
        }

        network = network.Flatten().Dense(code, name: "code");
        network = network.Dense(checked(small.Height * small.Width * filters[^1]), kernelInitializer: new HeUniform()).Relu().Reshape(small.Height, small.Width, filters[^1]);
        for (int i = filters.Count - 1; i >= 0; i--)
            network = network.Conv2DTranspose(filters[Math.Max(i - 1, 0)], 3, 2, Padding.Same, kernelInitializer: new HeNormal()).Relu();

        // Odd sizes were rounded up on the way down.
        (int height, int width) = (small.Height << filters.Count, small.Width << filters.Count);
        if (height != size.Height || width != size.Width)
            network = network.Cropping2D(0, height - size.Height, 0, width - size.Width);
        return network.Conv2D(channels, 3, padding: Padding.Same);
    }
}
