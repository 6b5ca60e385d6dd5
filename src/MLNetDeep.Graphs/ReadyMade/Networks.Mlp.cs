using MLNetDeep.Initializers;

namespace MLNetDeep;

/// <summary>Ready-made networks. Each is an ordinary <see cref="Network"/>; what is left open (input size, number and kind of outputs) comes from the data and the task.</summary>
public static partial class Networks
{
    /// <summary>
    /// A multilayer perceptron: hidden dense layers with ReLU and dropout, then the output the task calls for
    /// (<see cref="Network.TaskOutput"/>), so that it serves multiclass, binary and regression.
    /// </summary>
    /// <param name="features">Number of inputs; default: as many as the features column has.</param>
    /// <param name="hidden">Sizes of the hidden layers; default 128 and 64.</param>
    /// <param name="dropout">Share of hidden outputs dropped while training. Default 0.</param>
    /// <param name="batchNormalization">Whether hidden layers are batch normalised. Default false.</param>
    /// <exception cref="ArgumentException">A size is less than 1 or the dropout not in [0, 1).</exception>
    /// <example><c>Networks.Mlp(hidden: [256, 256], dropout: 0.2)</c></example>
    public static Network Mlp(int? features = null, IReadOnlyList<int>? hidden = null, double dropout = 0, bool batchNormalization = false)
    {
        hidden ??= [128, 64];
        if (features < 1 || hidden.Any(h => h < 1))
            throw new ArgumentException($"Mlp: sizes are features {features}, hidden [{string.Join(", ", hidden)}]; expected each at least 1.");
        if (dropout is not (>= 0 and < 1))
            throw new ArgumentException($"Mlp: dropout is {dropout}, expected at least 0 and less than 1.", nameof(dropout));
        Network network = (features is { } size ? Network.Input(size) : Network.Input()).Flatten();
        foreach (int units in hidden)
        {
            // Normalisation subtracts any bias.
            network = network.Dense(units, useBias: !batchNormalization, kernelInitializer: new HeUniform());
            if (batchNormalization)
                network = network.BatchNormalization();
            network = network.Relu();
            if (dropout > 0)
                network = network.Dropout(dropout);
        }

        return network.TaskOutput();
    }
}
