using MLNetDeep;
using MLNetDeep.Estimators;
using MLNetDeep.Interop;

#pragma warning disable IDE0130 // Beside ML.NET's own trainers, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds language models to ML.NET's trainers.</summary>
public static class LanguageModelCatalog
{
    /// <summary>Trains a network to say which token comes next, and so to write; see <see cref="LanguageModelTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="network">The network: <c>Networks.LanguageModel(LanguageModelKind.Lstm, width: 128)</c>.</param>
    /// <param name="tokensColumnName">Name of the column to learn to write: vector of keys of unknown size.</param>
    /// <param name="sequenceLength">Most tokens that the network sees at once.</param>
    /// <param name="epochs">How many times each row is learned from.</param>
    /// <param name="batchSize">Sequences, or pieces of longer ones, in a training step.</param>
    public static LanguageModelTrainer LanguageModel(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        Network network,
        string tokensColumnName = "Tokens",
        int sequenceLength = 128,
        int epochs = 20,
        int batchSize = 32) =>
        new(Internals.Environment(catalog), new()
        {
            Network = network,
            TokensColumnName = tokensColumnName,
            SequenceLength = sequenceLength,
            Epochs = epochs,
            BatchSize = batchSize,
        });

    /// <summary>Trains a network to say which token comes next, with options; see <see cref="LanguageModelTrainer"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">The network, the column and how to train.</param>
    public static LanguageModelTrainer LanguageModel(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, LanguageModelTrainer.Options options) =>
        new(Internals.Environment(catalog), options);
}
