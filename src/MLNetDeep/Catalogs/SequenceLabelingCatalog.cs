using MLNetDeep;
using MLNetDeep.Estimators;
using MLNetDeep.Evaluation;
using MLNetDeep.Interop;

#pragma warning disable IDE0130 // Beside ML.NET's own trainers, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds the labelling of sequences to ML.NET's catalogs.</summary>
public static class SequenceLabelingCatalog
{
    /// <summary>Trains a neural network to give each token of a sequence a tag; see <see cref="SequenceLabelingTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="network">The network: from <c>Network.TokenInput()</c> to <c>TaskOutput()</c>, with layers that keep the steps between them.</param>
    /// <param name="labelColumnName">Name of the column to predict: vector of keys, one for each token.</param>
    /// <param name="featureColumnName">Name of the column of tokens: vector of keys or Int32 of unknown size.</param>
    /// <param name="exampleWeightColumnName">Name of a column (Single) that says how much each row counts; null for all the same.</param>
    /// <param name="epochs">How many times each row is learned from.</param>
    /// <param name="batchSize">Rows in a training step.</param>
    /// <exception cref="System.ArgumentException">The network has several inputs: use the overload with options.</exception>
    public static SequenceLabelingTrainer SequenceLabeling(
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

    /// <summary>Trains a neural network to give each token of a sequence a tag, with options; see <see cref="SequenceLabelingTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">The network, the columns and how to train.</param>
    public static SequenceLabelingTrainer SequenceLabeling(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, SequenceLabelingTrainer.Options options) =>
        new(Internals.Environment(catalog), options);

    /// <summary>Judges tags: the share of right ones and, where they mark spans as BIO tags do, precision, recall and F1 of each kind of entity.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">Data with the true and the predicted tags of each row, equally many.</param>
    /// <param name="labelColumnName">Name of the column of true tags: vector of keys.</param>
    /// <param name="predictedLabelColumnName">Name of the column of predicted tags: vector of keys.</param>
    /// <exception cref="System.ArgumentException">A column is missing or not a vector of keys, or its keys do not say what they stand for.</exception>
    /// <exception cref="System.InvalidOperationException">A row has not as many predicted tags as true ones.</exception>
    public static SequenceLabelingMetrics EvaluateSequenceLabeling(
        this MulticlassClassificationCatalog catalog,
        IDataView data,
        string labelColumnName = "Label",
        string predictedLabelColumnName = "PredictedLabel")
    {
        System.ArgumentNullException.ThrowIfNull(catalog);
        System.ArgumentNullException.ThrowIfNull(data);
        return SequenceLabelingMetrics.Of(data, labelColumnName, predictedLabelColumnName);
    }
}
