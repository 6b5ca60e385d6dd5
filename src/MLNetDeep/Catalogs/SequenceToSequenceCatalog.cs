using MLNetDeep;
using MLNetDeep.Estimators;
using MLNetDeep.Interop;

#pragma warning disable IDE0130 // Beside ML.NET's own trainers, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds networks that write sequences to ML.NET's trainers.</summary>
public static class SequenceToSequenceCatalog
{
    /// <summary>Trains a network to write a sequence for each sequence it reads; see <see cref="SequenceToSequenceTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="network">The network: <c>Networks.Seq2Seq(units: 128)</c>.</param>
    /// <param name="sourceColumnName">Name of the column to read: vector of keys or Int32 of unknown size.</param>
    /// <param name="targetColumnName">Name of the column to learn to write: vector of keys of unknown size.</param>
    /// <param name="outputColumnName">Name of the column that is written.</param>
    /// <param name="beamWidth">How many beginnings are kept while writing; 1 is greedy.</param>
    /// <param name="epochs">How many times each row is learned from.</param>
    /// <param name="batchSize">Rows in a training step.</param>
    public static SequenceToSequenceTrainer SequenceToSequence(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        Seq2SeqNetwork network,
        string sourceColumnName = "Source",
        string targetColumnName = "Target",
        string outputColumnName = "PredictedLabel",
        int beamWidth = 4,
        int epochs = 20,
        int batchSize = 64) =>
        new(Internals.Environment(catalog), new()
        {
            Network = network ?? throw new System.ArgumentNullException(nameof(network)),
            SourceColumnName = sourceColumnName,
            TargetColumnName = targetColumnName,
            OutputColumnName = outputColumnName,
            BeamWidth = beamWidth,
            Epochs = epochs,
            BatchSize = batchSize,
        });

    /// <summary>Trains a network to write a sequence for each sequence it reads, with options; see <see cref="SequenceToSequenceTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">The network, the columns and how to train and write.</param>
    public static SequenceToSequenceTrainer SequenceToSequence(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, SequenceToSequenceTrainer.Options options) =>
        new(Internals.Environment(catalog), options);
}
