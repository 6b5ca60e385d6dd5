using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Training.Metrics;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests;

/// <summary>A part of a trained network under a new head: frozen first, then fine-tuned.</summary>
public class TransferTests
{
    private static readonly TrainerOptions Options = Train.Options with
    {
        Loss = new SparseCategoricalCrossentropy(),
        Metrics = [new CategoricalAccuracy()],
        Epochs = 15,
        Optimizer = new Adam { LearningRate = 0.02f },
    };

    [Fact]
    public void A_frozen_part_keeps_what_it_learned_and_then_moves_with_care()
    {
        TrainedNetwork pretrained = Train.Run(Network.Input(2).Dense(16).BatchNormalization().Relu().ClassOutput(3), Options, TestRows.Classes(300));
        TrainedNetwork body = pretrained.UpTo("relu");
        Assert.Equal(
            ["batch_normalization/beta", "batch_normalization/gamma", "batch_normalization/moving_mean", "batch_normalization/moving_variance", "dense/bias", "dense/kernel"],
            body.Weights.Keys.Order(StringComparer.Ordinal));

        Network network = body.Network.Freeze().Dense(8).Relu().ClassOutput(3);
        TrainedNetwork headed = Train.Run(network, Options with { InitialWeights = body.Weights }, TestRows.Classes(300, seed: 2));
        foreach ((string name, float[] values) in body.Weights)
            Assert.Equal(values, headed.Weights[name]);
        Assert.InRange(headed.History["accuracy"][^1], 0.8, 1);

        TrainedNetwork tuned = Train.Run(
            network.Unfreeze().WithLearningRateUpTo("relu", 0.01),
            Options with { InitialWeights = headed.Weights, Epochs = 2 },
            TestRows.Classes(300, seed: 2));
        Assert.True(tuned.History.Epochs[0].Loss < headed.History.Epochs[0].Loss);
        float moved = Distance(tuned.Weights["dense/kernel"], headed.Weights["dense/kernel"]), head = Distance(tuned.Weights["dense_1/kernel"], headed.Weights["dense_1/kernel"]);
        Assert.InRange(moved, float.Epsilon, head / 5);

        static float Distance(float[] a, float[] b) => a.Zip(b, (x, y) => MathF.Abs(x - y)).Average();
    }

    [Fact]
    public void Weights_that_do_not_fit_are_named()
    {
        Network network = Network.Input(2).ClassOutput(3);
        Assert.Contains(
            "InitialWeights has 'other/kernel', which the network has not. Its weights: class_output/kernel, class_output/bias.",
            Error(new() { ["other/kernel"] = [1] }),
            StringComparison.Ordinal);
        Assert.Contains("InitialWeights has 5 values for 'class_output/kernel', whose shape in the network is (2, 3).", Error(new() { ["class_output/kernel"] = new float[5] }), StringComparison.Ordinal);

        string Error(Dictionary<string, float[]> weights) =>
            Assert.Throws<ArgumentException>(() => Train.Run(network, Options with { InitialWeights = weights }, TestRows.Classes(10))).Message;
    }
}
