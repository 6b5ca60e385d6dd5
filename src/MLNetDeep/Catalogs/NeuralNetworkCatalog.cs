using MLNetDeep;
using MLNetDeep.Estimators;
using MLNetDeep.Interop;

#pragma warning disable IDE0130 // Beside ML.NET's own trainers, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds neural networks to ML.NET's trainers.</summary>
public static class NeuralNetworkCatalog
{
    /// <summary>Trains a neural network to tell several classes apart; see <see cref="MulticlassNeuralNetworkTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="network">The network, for instance <c>Networks.Mlp(hidden: [256, 256], dropout: 0.2)</c>.</param>
    /// <param name="labelColumnName">Name of the column to predict: key.</param>
    /// <param name="featureColumnName">Name of the column of features: a vector of Single of known size.</param>
    /// <param name="exampleWeightColumnName">Name of a column (Single) that says how much each row counts; null for all the same.</param>
    /// <param name="epochs">How many times each row is learned from.</param>
    /// <param name="batchSize">Rows in a training step.</param>
    /// <exception cref="System.ArgumentException">The network has several inputs: use the overload with options.</exception>
    public static MulticlassNeuralNetworkTrainer NeuralNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        Network network,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int epochs = 20,
        int batchSize = 32) =>
        new(Internals.Environment(catalog), new()
        {
            Network = network,
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            Epochs = epochs,
            BatchSize = batchSize,
        });

    /// <summary>Trains a neural network to tell several classes apart, with options; see <see cref="MulticlassNeuralNetworkTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="network">The network; in place of <see cref="NeuralNetworkOptions.Network"/>.</param>
    /// <param name="labelColumnName">Name of the column to predict; in place of <see cref="NeuralNetworkOptions.LabelColumnName"/>.</param>
    /// <param name="featureColumnName">Name of the column of features; in place of <see cref="NeuralNetworkOptions.FeatureColumnName"/>.</param>
    /// <param name="options">Everything else. Not changed.</param>
    public static MulticlassNeuralNetworkTrainer NeuralNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        Network network,
        string labelColumnName,
        string featureColumnName,
        MulticlassNeuralNetworkTrainer.Options options) =>
        new(Internals.Environment(catalog), With(options, network, labelColumnName, featureColumnName));

    /// <summary>Trains a neural network to tell several classes apart, with options; see <see cref="MulticlassNeuralNetworkTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">The network, the columns and how to train.</param>
    public static MulticlassNeuralNetworkTrainer NeuralNetwork(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, MulticlassNeuralNetworkTrainer.Options options) =>
        new(Internals.Environment(catalog), options);

    /// <summary>Trains a neural network to tell two classes apart; see <see cref="BinaryNeuralNetworkTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="network">The network, for instance <c>Networks.Mlp(hidden: [256, 256], dropout: 0.2)</c>.</param>
    /// <param name="labelColumnName">Name of the column to predict: Boolean.</param>
    /// <param name="featureColumnName">Name of the column of features: a vector of Single of known size.</param>
    /// <param name="exampleWeightColumnName">Name of a column (Single) that says how much each row counts; null for all the same.</param>
    /// <param name="epochs">How many times each row is learned from.</param>
    /// <param name="batchSize">Rows in a training step.</param>
    /// <exception cref="System.ArgumentException">The network has several inputs: use the overload with options.</exception>
    public static BinaryNeuralNetworkTrainer NeuralNetwork(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        Network network,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int epochs = 20,
        int batchSize = 32) =>
        new(Internals.Environment(catalog), new()
        {
            Network = network,
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            Epochs = epochs,
            BatchSize = batchSize,
        });

    /// <summary>Trains a neural network to tell two classes apart, with options; see <see cref="BinaryNeuralNetworkTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="network">The network; in place of <see cref="NeuralNetworkOptions.Network"/>.</param>
    /// <param name="labelColumnName">Name of the column to predict; in place of <see cref="NeuralNetworkOptions.LabelColumnName"/>.</param>
    /// <param name="featureColumnName">Name of the column of features; in place of <see cref="NeuralNetworkOptions.FeatureColumnName"/>.</param>
    /// <param name="options">Everything else. Not changed.</param>
    public static BinaryNeuralNetworkTrainer NeuralNetwork(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        Network network,
        string labelColumnName,
        string featureColumnName,
        BinaryNeuralNetworkTrainer.Options options) =>
        new(Internals.Environment(catalog), With(options, network, labelColumnName, featureColumnName));

    /// <summary>Trains a neural network to tell two classes apart, with options; see <see cref="BinaryNeuralNetworkTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">The network, the columns and how to train.</param>
    public static BinaryNeuralNetworkTrainer NeuralNetwork(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, BinaryNeuralNetworkTrainer.Options options) =>
        new(Internals.Environment(catalog), options);

    /// <summary>Trains a neural network to predict a number; see <see cref="RegressionNeuralNetworkTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="network">The network, for instance <c>Networks.Mlp(hidden: [256, 256], dropout: 0.2)</c>.</param>
    /// <param name="labelColumnName">Name of the column to predict: Single.</param>
    /// <param name="featureColumnName">Name of the column of features: a vector of Single of known size.</param>
    /// <param name="exampleWeightColumnName">Name of a column (Single) that says how much each row counts; null for all the same.</param>
    /// <param name="epochs">How many times each row is learned from.</param>
    /// <param name="batchSize">Rows in a training step.</param>
    /// <exception cref="System.ArgumentException">The network has several inputs: use the overload with options.</exception>
    public static RegressionNeuralNetworkTrainer NeuralNetwork(
        this RegressionCatalog.RegressionTrainers catalog,
        Network network,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int epochs = 20,
        int batchSize = 32) =>
        new(Internals.Environment(catalog), new()
        {
            Network = network,
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            Epochs = epochs,
            BatchSize = batchSize,
        });

    /// <summary>Trains a neural network to predict a number, with options; see <see cref="RegressionNeuralNetworkTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="network">The network; in place of <see cref="NeuralNetworkOptions.Network"/>.</param>
    /// <param name="labelColumnName">Name of the column to predict; in place of <see cref="NeuralNetworkOptions.LabelColumnName"/>.</param>
    /// <param name="featureColumnName">Name of the column of features; in place of <see cref="NeuralNetworkOptions.FeatureColumnName"/>.</param>
    /// <param name="options">Everything else. Not changed.</param>
    public static RegressionNeuralNetworkTrainer NeuralNetwork(
        this RegressionCatalog.RegressionTrainers catalog,
        Network network,
        string labelColumnName,
        string featureColumnName,
        RegressionNeuralNetworkTrainer.Options options) =>
        new(Internals.Environment(catalog), With(options, network, labelColumnName, featureColumnName));

    /// <summary>Trains a neural network to predict a number, with options; see <see cref="RegressionNeuralNetworkTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">The network, the columns and how to train.</param>
    public static RegressionNeuralNetworkTrainer NeuralNetwork(this RegressionCatalog.RegressionTrainers catalog, RegressionNeuralNetworkTrainer.Options options) =>
        new(Internals.Environment(catalog), options);

    private static T With<T>(T options, Network network, string labelColumnName, string featureColumnName)
        where T : NeuralNetworkOptions
    {
        System.ArgumentNullException.ThrowIfNull(options);
        T all = (T)options.Copy();
        all.Network = network;
        all.LabelColumnName = labelColumnName;
        all.FeatureColumnName = featureColumnName;
        return all;
    }
}
