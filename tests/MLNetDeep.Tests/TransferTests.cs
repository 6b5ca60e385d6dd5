using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Estimators;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Explanations;
using MLNetDeep.Tests.Support;
using MLNetDeep.Training;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests;

/// <summary>From a trained model to the next, by estimators alone.</summary>
public sealed class TransferTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-transfer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_part_of_a_loaded_model_is_frozen_under_a_new_head_and_then_fine_tuned()
    {
        MLContext ml = new(seed: 1);
        IDataView rows = Bars.View(ml, 300, 1);
        ITransformer pretrained = ml.Transforms.Conversion.MapValueToKey("Kind")
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Bars.Network, "Kind", "Pixels", new() { Epochs = 6, Optimizer = new Adam { LearningRate = 0.01f } })).Fit(rows);
        string file = Path.Combine(_folder, "pretrained.zip");
        ml.Model.Save(pretrained, rows.Schema, file);

        // The network out of the loaded chain, cut at a layer, frozen.
        TrainedNetwork body = ml.Model.Load(file, out _).GetNeuralNetwork().Model.UpTo("global_average_pool2d");
        Network headed = body.Network.Freeze().Dense(8, name: "head").Relu().TaskOutput();
        NeuralNetworkTransformer first = Train(ml, headed, body.Weights, rows, epochs: 10);
        foreach ((string name, float[] values) in body.Weights)
            Assert.Equal(Bits.Of(values), Bits.Of(first.Model.Weights[name]));

        // Unfrozen, the lower layers with a hundredth of the rate.
        NeuralNetworkTransformer tuned = Train(ml, first.Network.Unfreeze().WithLearningRateUpTo("global_average_pool2d", 0.01), first.Model.Weights, rows, epochs: 4);
        float low = Moved("last/kernel"), high = Moved("head/kernel");
        Assert.InRange(low, float.Epsilon, high / 5);
        Assert.True(tuned.History.Epochs[0].Loss < first.History.Epochs[0].Loss);
        Assert.True(ml.BinaryClassification.Evaluate(tuned.Transform(Bars.View(ml, 100, 2)), "Standing").Accuracy >= 0.95);

        // The head's weights were not in the file, and those that do not fit are named.
        string message = Assert.Throws<ArgumentException>(() => Train(ml, Networks.Cnn((Bars.Side, Bars.Side)), body.Weights, rows, 1)).Message;
        Assert.Contains("InitialWeights has 'first/kernel', which the network has not", message, StringComparison.Ordinal);

        float Moved(string name) => tuned.Model.Weights[name].Zip(first.Model.Weights[name], (a, b) => MathF.Abs(a - b)).Average();
    }

    [Fact]
    public void Training_can_go_on_from_a_model()
    {
        MLContext ml = new(seed: 1);
        IDataView rows = Samples.View(ml);
        RegressionNeuralNetworkTrainer.Options options = new() { Epochs = 4 };
        NeuralNetworkTransformer model = ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [8]), "Number", "Features", options).Fit(rows);
        options.InitialWeights = model.Model.Weights;
        NeuralNetworkTransformer more = ml.Regression.Trainers.NeuralNetwork(model.Network, "Number", "Features", options).Fit(rows);
        Assert.True(more.History.Epochs[0].Loss < model.History.Epochs[^1].Loss * 1.2, $"{more.History.Epochs[0].Loss} after {model.History.Epochs[^1].Loss}");
    }

    [Fact]
    public void Threads_that_prepare_batches_change_nothing()
    {
        int[][] Scores(int? threads)
        {
            MLContext ml = new(seed: 1);
            IDataView rows = Samples.View(ml);
            return Bits.Of(ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [8], dropout: 0.1), "Number", "Features", new() { Epochs = 2, DataThreads = threads }).Fit(rows).Transform(rows), "Score");
        }

        int[][] expected = Scores(null);
        Assert.Equal(expected, Scores(0));
        Assert.Equal(expected, Scores(3));
        Assert.Contains("DataThreads is 9, expected 0 to 8", Assert.Throws<ArgumentException>(() => Scores(9)).Message, StringComparison.Ordinal);
    }

    private static NeuralNetworkTransformer Train(MLContext ml, Network network, IReadOnlyDictionary<string, float[]> weights, IDataView rows, int epochs) =>
        ml.BinaryClassification.Trainers.NeuralNetwork(network, "Standing", "Pixels", new() { Epochs = epochs, InitialWeights = weights, Optimizer = new Adam { LearningRate = 0.01f } }).Fit(rows);
}
