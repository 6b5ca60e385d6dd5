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
            () => MLNetDeep.Network.Input(28, 28, 1).Conv2D(32, 3).Relu().Conv2D(64, 3).Relu().MaxPool2D(2).Dropout(0.25)
                .Flatten().Dense(128).Relu().Dropout(0.5).Dense(10),
            new SparseCategoricalCrossentropy { FromLogits = true },
            128),
        new("resnet20", ResNet20, new SparseCategoricalCrossentropy { FromLogits = true }, 64),
    ];

    // CIFAR's, with projection shortcuts.
    private static Network ResNet20()
    {
        Network x = MLNetDeep.Network.Input(32, 32, 3).Conv2D(16, 3, padding: Padding.Same, useBias: false).BatchNormalization().Relu();
        int channels = 16;
        foreach ((int filters, int firstStride) in new[] { (16, 1), (32, 2), (64, 2) })
        {
            for (int block = 0; block < 3; block++)
            {
                int stride = block == 0 ? firstStride : 1;
                Network y = x.Conv2D(filters, 3, strides: stride, padding: 1, useBias: false).BatchNormalization().Relu()
                    .Conv2D(filters, 3, padding: Padding.Same, useBias: false).BatchNormalization();
                if (stride != 1 || filters != channels)
                    x = x.Conv2D(filters, 1, strides: stride, useBias: false).BatchNormalization();
                x = y.Add(x).Relu();
                channels = filters;
            }
        }

        return x.GlobalAveragePool2D().Dense(10);
    }
}
