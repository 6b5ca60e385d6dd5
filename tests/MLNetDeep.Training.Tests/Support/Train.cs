using MLNetDeep.Cpu;
using MLNetDeep.Losses;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Tests.Support;

/// <summary>Short ways to train small networks.</summary>
internal static class Train
{
    /// <summary>Three features, one number, with all that has state: dropout, running statistics.</summary>
    public static Network Small => Network.Input(3).Dense(8).BatchNormalization().Relu().Dropout(0.2).Dense(1);

    /// <summary>A linear function of one feature that begins at 0.</summary>
    public static Network Linear(int features = 1) => Network.Input(features).Dense(1, kernelInitializer: new Initializers.Constant(0));

    public static TrainerOptions Options => new() { Loss = new MeanSquaredError(), Epochs = 4, BatchSize = 16, Seed = 7 };

    public static TrainedNetwork Run(Network network, TrainerOptions options, IRowSource rows, IRowSource? validation = null, int threads = 1) =>
        new Trainer(network, options, new CpuEngine(threads)).Train(rows, validation);

    public static void SameBits(TrainedNetwork expected, TrainedNetwork actual)
    {
        Assert.Equal(expected.Weights.Keys.Order(), actual.Weights.Keys.Order());
        foreach ((string name, float[] values) in expected.Weights)
            Assert.Equal(values.Select(BitConverter.SingleToInt32Bits), actual.Weights[name].Select(BitConverter.SingleToInt32Bits));
    }

    public static bool HaveSameBits(TrainedNetwork a, TrainedNetwork b) =>
        a.Weights.All(w => w.Value.Select(BitConverter.SingleToInt32Bits).SequenceEqual(b.Weights[w.Key].Select(BitConverter.SingleToInt32Bits)));
}
