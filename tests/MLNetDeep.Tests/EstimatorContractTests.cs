using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tests.Support;

namespace MLNetDeep.Tests;

public class EstimatorContractTests
{
    private static Network Mlp => Networks.Mlp(hidden: [12], dropout: 0.1, batchNormalization: true);

    [Fact]
    public void Multiclass_keeps_the_contract() => EstimatorContract<ColorScores>.Check(
        (ml, token) => ml.MulticlassClassification.Trainers.NeuralNetwork(Mlp, "Color", "Features", new() { Epochs = 3, CancellationToken = token }),
        ml => ml.Transforms.Conversion.MapValueToKey("Color"),
        ["PredictedLabel", "Score"],
        p => p.Score);

    [Fact]
    public void Binary_keeps_the_contract() => EstimatorContract<LargePrediction>.Check(
        (ml, token) => ml.BinaryClassification.Trainers.NeuralNetwork(Mlp, "Large", "Features", new() { Epochs = 3, CancellationToken = token }),
        null,
        ["PredictedLabel", "Score", "Probability"],
        p => [p.Score]);

    [Fact]
    public void Regression_keeps_the_contract() => EstimatorContract<NumberPrediction>.Check(
        (ml, token) => ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Features", new() { Epochs = 3, CancellationToken = token }),
        null,
        ["Score"],
        p => [p.Score]);

    [Fact]
    public void A_network_of_several_inputs_keeps_the_contract() => EstimatorContract<NumberPrediction>.Check(
        (ml, token) =>
        {
            Network ids = Network.TokenInput(name: "ids").Embedding(10, 3).Flatten(), numbers = Network.Input("numbers", Samples.Size), single = Network.Input("single", 1);
            return ml.Regression.Trainers.NeuralNetwork(new()
            {
                Network = ids.Concatenate(numbers, single).Dense(8).Gelu().TaskOutput(),
                LabelColumnName = "Number",
                FeatureColumnNames = ["Ids", "Features", "Single"],
                Epochs = 3,
                CancellationToken = token,
            });
        },
        null,
        ["Score"],
        p => [p.Score]);

    [Fact]
    public void Sequence_to_sequence_keeps_the_contract() => EstimatorContract<NumberPrediction>.Check(
        (ml, token) => ml.MulticlassClassification.Trainers.SequenceToSequence(new()
        {
            Network = Networks.Seq2Seq(units: 6, embedding: 4),
            SourceColumnName = "Digits",
            TargetColumnName = "Letters",
            Epochs = 2,
            BeamWidth = 2,
            CancellationToken = token,
        }),
        Tokens,
        ["PredictedLabel", "Score"],
        p => [p.Score]);

    [Fact]
    public void A_language_model_keeps_the_contract() => EstimatorContract<JudgedText>.Check(
        (ml, token) => ml.MulticlassClassification.Trainers.LanguageModel(new() { Network = Networks.LanguageModel(width: 6), TokensColumnName = "Letters", Epochs = 2, CancellationToken = token }),
        Tokens,
        ["Score", "Perplexity"],
        p => [p.Perplexity],
        "Perplexity");

    [Fact]
    public void Sequence_labelling_keeps_the_contract() => EstimatorContract<ColorScores>.Check(
        (ml, token) => ml.MulticlassClassification.Trainers.SequenceLabeling(new()
        {
            Network = Network.TokenInput().Embedding(null, 4, maskZero: true).BiLstm(4, returnSequences: true).TaskOutput(),
            FeatureColumnName = "Letters",
            LabelColumnName = "Same",
            Epochs = 2,
            CancellationToken = token,
        }),
        ml => Tokens(ml).Append(ml.Transforms.CopyColumns("Same", "Letters")),
        ["PredictedLabel", "Score"],
        p => p.Score);

    [Fact]
    public void Nearest_neighbours_keep_the_contract() => EstimatorContract<FoundRows>.Check(
        (ml, token) => ml.Transforms.NearestNeighbors(new() { NameColumnName = "Name", FeatureColumnName = "Features", NumberOfNeighbors = 3, CancellationToken = token }),
        null,
        ["Neighbors", "Distances"],
        p => p.Distances,
        "Distances",
        isSeeded: false);

    [Fact]
    public void An_embedding_keeps_the_contract() => EstimatorContract<EmbeddedRow>.Check(
        (ml, token) => ml.Transforms.NetworkEmbedding(
            ml.Regression.Trainers.NeuralNetwork(Network.Input(Samples.Size).Dense(3, name: "inner").Relu().TaskOutput(), "Number", "Features", new() { Epochs = 2, CancellationToken = token }), "inner"),
        null,
        ["Embedding"],
        p => p.Embedding,
        "Embedding");

    private static IEstimator<ITransformer> Tokens(MLContext ml) =>
        ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Digits", "Name", false).Append(ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Letters", "City", false)).Append(ml.Transforms.Conversion.MapValueToKey([new("Digits"), new("Letters")]));

    private sealed class JudgedText
    {
        public float Perplexity { get; set; }
    }

    private sealed class FoundRows
    {
        public float[] Distances { get; set; } = [];
    }

    private sealed class EmbeddedRow
    {
        [VectorType(3)]
        public float[] Embedding { get; set; } = [];
    }

    private sealed class ColorScores
    {
        public float[] Score { get; set; } = [];
    }
}
