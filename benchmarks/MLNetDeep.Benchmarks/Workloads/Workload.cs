using MLNetDeep.Initializers;
using MLNetDeep.Layers;
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
        new("transformer", Transformer, new SparseCategoricalCrossentropy { FromLogits = true }, 32),
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

    // 64 tokens of 10,000, positions, two post-norm layers of 128 features, 4 heads and 512 hidden units, the mean of the steps.
    private static Network Transformer()
    {
        Network network = MLNetDeep.Network.TokenInput(64).Embedding(10000, 128).Append(new PositionEmbedding { Initializer = Constant.Zeros });
        for (int i = 0; i < 2; i++)
            network = network.Append(new TransformerEncoder { IntermediateDim = 512, NumHeads = 4, Dropout = 0.1f, IntermediateDropout = 0.1f });
        return network.GlobalAveragePool1D().Dense(2);
    }
}
