using MLNetDeep.Losses;

namespace MLNetDeep.Benchmarks.Workloads;

/// <summary>A network and how it is trained, the same as PyTorch's of that name in the peer benchmark: sizes, batch, loss, Adam with a rate of 0.001.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Network">The network; its outputs are logits or numbers, as PyTorch's are.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Batch">Rows in a training step.</param>
internal sealed record Workload(string Name, Func<Network> Network, Loss Loss, int Batch)
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new(
            "mlp",
            () => MLNetDeep.Network.Input(64).Dense(256).Relu().Dense(256).Relu().Dense(10),
            new SparseCategoricalCrossentropy { FromLogits = true },
            128),
        new(
            "cnn",
            () => MLNetDeep.Network.Input(28, 28, 1).Conv2D(32, 3).Relu().Conv2D(64, 3).Relu().MaxPool2D(2)
                .Dropout(0.25).Flatten().Dense(128).Relu().Dropout(0.5).Dense(10),
            new SparseCategoricalCrossentropy { FromLogits = true },
            128),
        new(
            "resnet20",
            () => Networks.ResNet(20, 32).UpTo("features").Dense(10),
            new SparseCategoricalCrossentropy { FromLogits = true },
            64),
        new(
            "lstm",
            () => MLNetDeep.Network.Input(48, 8).Lstm(128).Dense(24),
            new MeanSquaredError(),
            64),
        new(
            "gru_text",
            () => MLNetDeep.Network.TokenInput(100).Embedding(10000, 128).Gru(128).Dense(2),
            new SparseCategoricalCrossentropy { FromLogits = true },
            64),
    ];
}
