using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests;

/// <summary>What training does for recurrent layers: limited gradients, states carried from batch to batch.</summary>
public class RecurrentTrainingTests
{
    private static readonly Lstm Memory = new() { Units = 3, Name = "memory" };

    // Targets so great that every gradient is beyond the limit.
    private static TestRows Steep => new([.. Enumerable.Range(0, 16).Select(i => new[] { i / 8f, 1f, -i / 16f })], [.. Enumerable.Range(0, 16).Select(i => 1000f + i)]);

    private static Network Sequence(Layer layer) => Network.Input(3, 1).Append(layer).Dense(1);

    [Fact]
    public void Gradients_of_recurrent_networks_are_limited_unless_told_otherwise()
    {
        foreach (Layer layer in (Layer[])[Memory, new Bidirectional { Layer = new Gru { Units = 2 } }])
        {
            TrainedNetwork Fit(Optimizer optimizer, float? limit = 1) => Train.Run(Sequence(layer), Train.Options with { Optimizer = optimizer, RecurrentClipNorm = limit, Epochs = 1 }, Steep);
            Sgd plain = new() { LearningRate = 0.01f };
            TrainedNetwork limited = Fit(plain);
            Train.SameBits(Fit(plain with { GlobalClipNorm = 1 }, null), limited);
            Train.SameBits(Fit(plain with { GlobalClipNorm = 2 }), Fit(plain, 2));
            Assert.False(Train.HaveSameBits(limited, Fit(plain, 2)));

            // A limit of the optimizer's own comes first, and null is none.
            Train.SameBits(Fit(plain with { ClipNorm = 3 }, null), Fit(plain with { ClipNorm = 3 }));
            Assert.False(Train.HaveSameBits(limited, Fit(plain, null)));
            Train.SameBits(Fit(plain, null), Fit(plain with { GlobalClipNorm = float.MaxValue }));
        }
    }

    [Fact]
    public void Gradients_of_other_networks_are_not_limited()
    {
        Network dense = Network.Input(3).Dense(4).Relu().Dense(1);
        TrainerOptions options = Train.Options with { Epochs = 1, Optimizer = new Sgd { LearningRate = 1e-4f } };
        Train.SameBits(Train.Run(dense, options with { RecurrentClipNorm = null }, Steep), Train.Run(dense, options, Steep));
    }

    [Fact]
    public void A_limit_out_of_range_is_named()
    {
        string error = Assert.Throws<ArgumentException>(() => Train.Run(Sequence(Memory), Train.Options with { RecurrentClipNorm = 0 }, Steep)).Message;
        Assert.Contains("RecurrentClipNorm is 0", error, StringComparison.Ordinal);
    }

    // The target is the last number of the same row of the batch before: without a carried state nothing can be learned.
    [Fact]
    public void A_stateful_layer_learns_across_batches()
    {
        const int Rows = 8, Batches = 40;
        Random random = new(3);
        float[] bits = [.. Enumerable.Range(0, Rows * Batches).Select(_ => (float)random.Next(2))];
        TestRows rows = new([.. bits.Select(b => new[] { 0f, 0f, b })], [.. bits.Select((_, i) => i < Rows ? 0 : bits[i - Rows])]);
        float Last(bool stateful)
        {
            Layer layer = new Lstm { Units = 16, Stateful = stateful, BatchSize = stateful ? Rows : null };
            TrainerOptions options = Train.Options with { Epochs = 25, BatchSize = Rows, Shuffle = false, Optimizer = new Adam { LearningRate = 0.02f } };
            TrainedNetwork model = Train.Run(Sequence(layer), options, rows, rows);

            // Training and validation both start from zeros, so they agree; the states are no weights.
            Assert.All(model.Weights.Keys, k => Assert.DoesNotContain("state", k, StringComparison.Ordinal));
            Assert.InRange(Math.Abs(model.History.Epochs[^1].ValidationLoss!.Value - model.History.Epochs[^1].Loss), 0, 0.1);
            return (float)model.History.Epochs[^1].ValidationLoss!.Value;
        }

        Assert.InRange(Last(stateful: true), 0, 0.12f);
        Assert.InRange(Last(stateful: false), 0.2f, 0.3f);
    }

    [Fact]
    public void Bad_use_of_a_stateful_layer_is_named()
    {
        Network network = Sequence(Memory with { Stateful = true, BatchSize = 8 });
        TrainerOptions options = Train.Options with { BatchSize = 8, Shuffle = false, Epochs = 1 };
        Assert.Contains("'memory/state' belongs to a stateful layer with a BatchSize of 8, but training has batches of 16", Error(options with { BatchSize = 16 }, Steep), StringComparison.Ordinal);
        Assert.Contains("set Shuffle to false", Error(options with { Shuffle = true }, Steep), StringComparison.Ordinal);
        TestRows odd = new([.. Enumerable.Range(0, 12).Select(_ => new float[3])], new float[12]);
        Assert.Contains("12 training rows, but a stateful layer takes whole batches only: expected a multiple of 8", Error(options, odd), StringComparison.Ordinal);
        Assert.Contains("12 validation rows", Error(options, Steep, odd), StringComparison.Ordinal);
        Train.Run(network, options, Steep, Steep);

        string Error(TrainerOptions bad, TestRows rows, TestRows? validation = null) => Assert.Throws<ArgumentException>(() => Train.Run(network, bad, rows, validation)).Message;
    }

    [Fact]
    public void Training_is_the_same_on_any_number_of_threads()
    {
        TestRows rows = new([.. Enumerable.Range(0, 64).Select(i => Enumerable.Range(0, 20).Select(j => MathF.Sin(i * j)).ToArray())], [.. Enumerable.Range(0, 64).Select(i => MathF.Cos(i))]);
        foreach (RecurrentLayer layer in (RecurrentLayer[])[new Lstm { Units = 40, RecurrentDropout = 0.2f }, new Gru { Units = 40 }, new SimpleRnn { Units = 40 }])
        {
            TrainedNetwork Fit(int threads) => Train.Run(Network.Input(10, 2).Bidirectional(layer).Dense(1), Train.Options with { BatchSize = 37, Epochs = 2 }, rows, threads: threads);
            TrainedNetwork one = Fit(1);
            Train.SameBits(one, Fit(2));
            Train.SameBits(one, Fit(3));
        }
    }
}
