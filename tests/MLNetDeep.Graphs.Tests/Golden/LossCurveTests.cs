using System.Text.Json;
using MLNetDeep.Cpu;
using MLNetDeep.Engines;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;

namespace MLNetDeep.Graphs.Tests.Golden;

/// <summary>
/// Convolutional networks follow PyTorch's loss over 50 steps from the same weights on the same batches: see make_curves.py, which makes them by the same formulas.
/// </summary>
public class LossCurveTests
{
    private const int Rows = 32;

    [Fact]
    public void A_convnet_with_Adam_follows_PyTorch() => Follows(
        "cnn",
        Network.Input(28, 28, 1).Conv2D(32, 3).Relu().Conv2D(64, 3).Relu().MaxPool2D(2).Flatten().Dense(128).Relu().Dense(10),
        new Adam { LearningRate = 1e-3f, Epsilon = 1e-8f });

    [Fact]
    public void Batch_normalization_with_momentum_follows_PyTorch()
    {
        Network network = Network.Input(28, 28, 1);
        foreach ((int filters, bool pooled) in new[] { (32, true), (64, false), (64, true), (128, false), (128, false) })
        {
            network = network.Conv2D(filters, 3, padding: Padding.Same, useBias: false).BatchNormalization(momentum: 0.9).Relu();
            network = pooled ? network.MaxPool2D(2) : network;
        }

        Follows("normalized", network.GlobalAveragePool2D().Dense(10), new Sgd { LearningRate = 0.01f, Momentum = 0.9f });
    }

    private static void Follows(string name, Network network, Optimizer optimizer)
    {
        float[] expected = JsonSerializer.Deserialize<Dictionary<string, float[]>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "curves.json")))![name];
        Loss loss = new SparseCategoricalCrossentropy { FromLogits = true };
        Graph graph = new();
        BuildContext training = new(graph) { Training = true };
        MaskedTensor output = network.Build(training);
        Tensor target = graph.Placeholder("target", loss.TargetType, loss.TargetShape(output.Value.Shape));
        Tensor total = loss.Reduce(output, target, penalties: training.Losses);
        Tensor rate = graph.Placeholder(Optimizer.LearningRateFeed, DType.Float32, Shape.Scalar);
        Variable[] weights = [.. graph.Variables];
        IReadOnlyList<Node> updates = optimizer.Minimize(total, weights, rate);

        using CpuEngine engine = new();
        using ISession session = engine.CreateSession(graph, 0);
        uint seed = 5000;
        foreach (Variable weight in weights.Where(w => w.Name.EndsWith("/kernel", StringComparison.Ordinal)))
        {
            float limit = (float)Math.Sqrt(6.0 / (weight.Shape.UnitSize / weight.Shape[^1]));
            session.WriteVariable(weight.Name, [.. Numbers(seed++, weight.Shape.UnitSize).Select(v => v * limit)]);
        }

        using IExecutable step = session.Compile([total], [.. updates, .. training.Updates]);
        Tensor pictures = step.Feeds.Single(f => f.Node.Name.EndsWith("/input", StringComparison.Ordinal));
        int size = pictures.Shape.UnitSize;
        float[][] patterns = [.. Enumerable.Range(0, 10).Select(k => Numbers((uint)k, size))];
        for (int i = 0; i < expected.Length; i++)
        {
            int[] labels = [.. Numbers((uint)(1000 + i), Rows).Select(v => (int)((v + 1) * 5))];
            float[] noise = Numbers((uint)(2000 + i), Rows * size);
            Span<float> x = step.Feed<float>(pictures, Rows);
            for (int j = 0; j < x.Length; j++)
                x[j] = patterns[labels[j / size]][j % size] + noise[j];
            labels.CopyTo(step.Feed<int>(target, Rows));
            step.Feed<float>(rate, Rows)[0] = optimizer.LearningRate;
            step.Run(Rows);
            float actual = step.Fetch<float>(total)[0];
            Assert.True(Math.Abs(actual - expected[i]) <= 1e-3f * expected[i], $"{name}: the loss of step {i} is {actual}, PyTorch's is {expected[i]}.");
        }
    }

    /// <summary>Numbers in [-1, 1), the same as make_curves.py's.</summary>
    private static float[] Numbers(uint seed, int count)
    {
        float[] numbers = new float[count];
        for (uint i = 0; i < numbers.Length; i++)
        {
            uint x = unchecked((i * 2654435761u) + (seed * 40503u) + 1);
            x = unchecked((x ^ (x >> 16)) * 0x7FEB352Du);
            x = unchecked((x ^ (x >> 15)) * 0x846CA68Bu);
            x ^= x >> 16;
            numbers[i] = ((x >> 8) / 8388608f) - 1;
        }

        return numbers;
    }
}
