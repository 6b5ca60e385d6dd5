using Microsoft.ML;
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

    private sealed class ColorScores
    {
        public float[] Score { get; set; } = [];
    }
}
