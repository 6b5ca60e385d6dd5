using MLNetDeep;
using MLNetDeep.Estimators;
using MLNetDeep.Interop;

#pragma warning disable IDE0130 // Beside ML.NET's own transforms, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds autoencoders to ML.NET's transforms.</summary>
public static class AutoencoderCatalog
{
    /// <summary>Trains an autoencoder on rows without labels: adds their <c>Code</c> and <c>Reconstruction</c>; see <see cref="AutoencoderTrainer"/>.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="network">The network, for instance <c>Networks.Autoencoder((28, 28), channels: 1, code: 16)</c>.</param>
    /// <param name="featureColumnName">Name of the column of features.</param>
    /// <param name="epochs">How many times each row is learned from.</param>
    /// <param name="batchSize">Rows in a training step.</param>
    /// <example>
    /// <code>
    /// var pretrained = ml.Transforms.Autoencoder(Networks.Autoencoder(code: 16), "Pixels").Fit(unlabelled);
    /// var body = pretrained.Model.UpTo("code");
    /// var trainer = ml.MulticlassClassification.Trainers.NeuralNetwork(body.Network.Relu().ClassOutput(), "Label", "Pixels", new() { InitialWeights = body.Weights });
    /// </code>
    /// </example>
    public static AutoencoderTrainer Autoencoder(this TransformsCatalog catalog, Network network, string featureColumnName = "Features", int epochs = 20, int batchSize = 32) =>
        new(Internals.Environment(catalog), new() { Network = network, FeatureColumnName = featureColumnName, Epochs = epochs, BatchSize = batchSize });

    /// <summary>Trains an autoencoder on rows without labels, with options; see <see cref="AutoencoderTrainer"/>.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="options">The network, the column and how to train.</param>
    public static AutoencoderTrainer Autoencoder(this TransformsCatalog catalog, AutoencoderTrainer.Options options) => new(Internals.Environment(catalog), options);
}
