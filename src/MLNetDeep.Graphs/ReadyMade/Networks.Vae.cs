using MLNetDeep.Initializers;

namespace MLNetDeep;

public static partial class Networks
{
    /// <summary>The encoder of a variational autoencoder of vectors: dense layers with ReLU. What stands behind them, mean and variance of the latent vector, the trainer adds.</summary>
    /// <param name="features">Numbers in a row. Default: as many as the features column has.</param>
    /// <param name="hidden">Sizes of the layers. Default 128 and 64.</param>
    /// <param name="classes">Number of classes, whose one-hot numbers are joined to the row; null for rows of no class in particular. Default null.</param>
    /// <exception cref="ArgumentException">A size is less than 1.</exception>
    /// <example><c>ml.Generation.Trainers.Vae(Networks.VaeEncoder(), Networks.VaeDecoder(30, latent: 8))</c></example>
    public static Network VaeEncoder(int? features = null, IReadOnlyList<int>? hidden = null, int? classes = null)
    {
        hidden ??= [128, 64];
        CheckVae(nameof(VaeEncoder), features ?? 1, 1, classes, hidden);
        Network network = (features is { } size ? Network.Input("row", size) : Network.Input("row")).Flatten();
        if (classes is { } count)
            network = network.Concatenate(Network.Input("class", count));
        return hidden.Aggregate(network, (point, units) => point.Dense(units, kernelInitializer: new HeUniform()).Relu());
    }

    /// <summary>The decoder to <see cref="VaeEncoder(int?, IReadOnlyList{int}?, int?)"/>: dense layers with ReLU and a linear one. Input: a latent vector and, with classes, a class as one-hot numbers.</summary>
    /// <param name="features">Numbers in a row.</param>
    /// <param name="latent">Length of the latent vector. Default 8.</param>
    /// <param name="hidden">Sizes of the layers before the last. Default 64 and 128.</param>
    /// <param name="classes">Number of classes; null for none. Default null.</param>
    /// <exception cref="ArgumentException">A size is less than 1.</exception>
    public static Network VaeDecoder(int features, int latent = 8, IReadOnlyList<int>? hidden = null, int? classes = null)
    {
        hidden ??= [64, 128];
        CheckVae(nameof(VaeDecoder), features, latent, classes, hidden);
        return hidden.Aggregate(Latent(latent, classes), (point, units) => point.Dense(units, kernelInitializer: new HeUniform()).Relu()).Dense(features);
    }

    /// <summary>The encoder of a variational autoencoder of images: convolutions of stride 2 with ReLU, and a dense layer. What stands behind it, mean and variance of the latent vector, the trainer adds.</summary>
    /// <param name="size">Height and width of the images.</param>
    /// <param name="channels">Channels: 1 for grey, 3 for colour. Default 1.</param>
    /// <param name="filters">Filters of the convolutions, each of which halves the image. Default 32 and 64.</param>
    /// <param name="classes">Number of classes, whose one-hot numbers are joined to what the convolutions give; null for images of no class in particular. Default null.</param>
    /// <exception cref="ArgumentException">A size is less than 1.</exception>
    /// <example><c>ml.Generation.Trainers.Vae(Networks.VaeEncoder(28, classes: 10), Networks.VaeDecoder(28, latent: 16, classes: 10), "Pixels", "Label")</c></example>
    public static Network VaeEncoder(Size2D size, int channels = 1, IReadOnlyList<int>? filters = null, int? classes = null)
    {
        filters ??= [32, 64];
        CheckVae(nameof(VaeEncoder), 1, 1, classes, filters);
        Network network = Images("VaeEncoder", size, channels);
        foreach (int count in filters)
            network = network.Conv2D(count, 3, 2, Padding.Same, kernelInitializer: new HeNormal()).Relu();
        network = network.Flatten();
        if (classes is { } known)
            network = network.Concatenate(Network.Input("class", known));
        return network.Dense(128, kernelInitializer: new HeUniform()).Relu();
    }

    /// <summary>
    /// The decoder to <see cref="VaeEncoder(Size2D, int, IReadOnlyList{int}?, int?)"/>: dense layers to a small image of many channels, then transposed convolutions that double it, with ReLU, and
    /// a linear convolution. Input: a latent vector and, with classes, a class as one-hot numbers.
    /// </summary>
    /// <param name="size">Height and width of the images.</param>
    /// <param name="channels">Channels: 1 for grey, 3 for colour. Default 1.</param>
    /// <param name="latent">Length of the latent vector. Default 16.</param>
    /// <param name="filters">Filters of the transposed convolutions. Default 64 and 32.</param>
    /// <param name="classes">Number of classes; null for none. Default null.</param>
    /// <exception cref="ArgumentException">A size is less than 1.</exception>
    public static Network VaeDecoder(Size2D size, int channels = 1, int latent = 16, IReadOnlyList<int>? filters = null, int? classes = null)
    {
        filters ??= [64, 32];
        CheckVae(nameof(VaeDecoder), 1, latent, classes, filters);
        _ = Images("VaeDecoder", size, channels);
        int cell = 1 << filters.Count, height = (size.Height + cell - 1) / cell, width = (size.Width + cell - 1) / cell;
        Network network = Latent(latent, classes).Dense(128, kernelInitializer: new HeUniform()).Relu()
            .Dense(checked(height * width * filters[0]), kernelInitializer: new HeUniform()).Relu().Reshape(height, width, filters[0]);
        foreach (int count in filters)
            network = network.Conv2DTranspose(count, 3, 2, Padding.Same, kernelInitializer: new HeNormal()).Relu();

        // Sides that are no multiple were rounded up.
        if (height * cell != size.Height || width * cell != size.Width)
            network = network.Cropping2D(0, (height * cell) - size.Height, 0, (width * cell) - size.Width);
        return network.Conv2D(channels, 3, padding: Padding.Same);
    }

    private static Network Latent(int latent, int? classes)
    {
        Network input = Network.Input("latent", latent);
        return classes is { } count ? input.Concatenate(Network.Input("class", count)) : input;
    }

    private static void CheckVae(string network, int features, int latent, int? classes, IReadOnlyList<int> layers)
    {
        if (features < 1 || latent < 1 || classes < 1 || layers.Count is 0 or > 16 || layers.Any(l => l < 1))
            throw new ArgumentException($"{network}: features {features}, latent {latent}, classes {classes}, layers [{string.Join(", ", layers)}]; expected one to 16 layers, and each number at least 1.");
    }
}
