using MLNetDeep.Initializers;

namespace MLNetDeep;

public static partial class Networks
{
    // Below this a stage would have little left to look at.
    private const int SmallestSide = 7;

    /// <summary>
    /// A small convolutional network for images: stages of two 3 x 3 convolutions, each with batch normalisation and ReLU, then a pool that halves the image and dropout;
    /// then a hidden dense layer and the output the task calls for. The number of filters doubles from stage to stage.
    /// </summary>
    /// <param name="size">Height and width of the images. Default: those of the data, whose column must then say so itself; a flat vector of pixels does not.</param>
    /// <param name="channels">Channels: 1 for grey, 3 for colour. Default 1. Without a size the data's.</param>
    /// <param name="stages">Number of stages. Default: so many that a side of about 7 cells is left, 1 to 5 (28 x 28: 2, 64 x 64: 3, 224 x 224: 5); without a size 3.</param>
    /// <param name="filters">Filters of the first stage; the others have twice as many as the one before, up to 256. Default 32.</param>
    /// <param name="hidden">Size of the dense layer. Default 128.</param>
    /// <param name="dropout">Share dropped after each stage while training, and twice as much, up to a half, after the dense layer. Default 0.25.</param>
    /// <exception cref="ArgumentException">A size is less than 1 or the dropout not in [0, 1).</exception>
    /// <example><c>Networks.Cnn((28, 28))</c></example>
    public static Network Cnn(Size2D? size = null, int channels = 1, int? stages = null, int filters = 32, int hidden = 128, double dropout = 0.25)
    {
        if (channels < 1 || stages < 1 || filters < 1 || hidden < 1)
            throw new ArgumentException($"Cnn: channels {channels}, stages {stages}, filters {filters}, hidden {hidden}; expected each at least 1.");
        if (dropout is not (>= 0 and < 1))
            throw new ArgumentException($"Cnn: dropout is {dropout}, expected at least 0 and less than 1.", nameof(dropout));
        Network network = Images("Cnn", size, channels);
        int count = stages ?? (size is { } s ? Math.Clamp((int)Math.Log2(Math.Min(s.Height, s.Width) / (double)SmallestSide), 1, 5) : 3);
        for (int i = 0; i < count; i++)
        {
            int width = (int)Math.Max(filters, Math.Min((long)filters << Math.Min(i, 16), 256));
            for (int j = 0; j < 2; j++)
                network = network.Conv2D(width, 3, padding: Padding.Same, useBias: false, kernelInitializer: new HeNormal()).BatchNormalization(momentum: 0.9).Relu();
            network = WithDropout(network.MaxPool2D(padding: Padding.Same, name: $"stage{i + 1}"), dropout);
        }

        network = network.Flatten(name: "flatten").Dense(hidden, kernelInitializer: new HeUniform()).Relu();
        return WithDropout(network, Math.Max(dropout, Math.Min(2 * dropout, 0.5))).TaskOutput();
    }

    private static Network Images(string network, Size2D? size, int channels)
    {
        if (size is not { } given)
            return Network.Input();
        if (given.Height < 1 || given.Width < 1 || channels < 1)
            throw new ArgumentException($"{network}: images of {given} with {channels} channels; expected each at least 1.");
        return Network.Input(given.Height, given.Width, channels);
    }

    private static Network WithDropout(Network network, double rate) => rate > 0 ? network.Dropout(rate) : network;
}
