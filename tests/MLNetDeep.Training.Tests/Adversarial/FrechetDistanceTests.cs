using System.Text.Json;
using MLNetDeep.Cpu;
using MLNetDeep.Optimizers;
using MLNetDeep.Training.Adversarial;
using MLNetDeep.Training.Checkpoints;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests.Adversarial;

public sealed class FrechetDistanceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-frechet-").FullName;

    private static readonly (float X, float Y)[] Places = [(-1, 0.5f), (1, -0.5f)];

    // The rows themselves are the features.
    private static readonly FrechetDistance Plain = new(new TrainedNetwork(Network.Input(2).Flatten(), new Dictionary<string, float[]>(), new History())) { RowCount = 200 };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Distances_are_as_NumPy_has_them()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "frechet.json")));
        foreach (JsonElement golden in document.RootElement.EnumerateArray())
        {
            float[] first = Numbers(golden.GetProperty("first")), second = Numbers(golden.GetProperty("second"));
            int size = golden.GetProperty("size").GetInt32();
            double expected = golden.GetProperty("distance").GetDouble();
            Assert.Equal(expected, FrechetDistance.Between(first, second, size), 1e-5 * (1 + expected));
            Assert.Equal(expected, FrechetDistance.Between(second, first, size), 1e-5 * (1 + expected));
            Assert.Equal(0, FrechetDistance.Between(first, first, size), 1e-6);
        }
    }

    [Fact]
    public void Of_distributions_along_the_axes_it_is_known()
    {
        // Variances 1 and 4 and means 0 and 3 in one dimension, none in the other: 9 + (1 - 2)².
        float half = MathF.Sqrt(0.5f);
        Assert.Equal(10, FrechetDistance.Between([-half, 5, half, 5], [3 - (2 * half), 5, 3 + (2 * half), 5], 2), 1e-5);
        Assert.Throws<ArgumentException>(() => FrechetDistance.Between([1, 2], [1, 2, 3, 4], 2));
        Assert.Throws<ArgumentException>(() => FrechetDistance.Between([1, 2, 3], [1, 2, 3, 4], 2));
    }

    [Fact]
    public void It_goes_down_as_a_generator_learns_and_is_the_same_after_a_stop()
    {
        AdversarialOptions options = Options with { FrechetDistance = Plain, Epochs = 30 };
        List<string> lines = [];
        TrainedGenerator trained = Run(options with { Log = lines.Add });
        double[] distances = [.. trained.History["frechet_distance"]];
        Assert.Equal(30, distances.Length);
        Assert.True(distances[^1] < distances[0] / 4, string.Join(' ', distances));
        Assert.All(lines, l => Assert.Contains("frechet_distance", l, StringComparison.Ordinal));

        // What is measured does not change what is learned.
        Train.SameBits(Run(options with { FrechetDistance = null }).Generator, trained.Generator);

        CheckpointOptions checkpoint = new(Path.Combine(_folder, "run"));
        Recorder stop = new() { AtEpoch = (_, e) => { if (e.Epoch == 3) throw new OperationCanceledException(); } };
        Assert.Throws<OperationCanceledException>(() => Run(options with { Epochs = 5, Checkpoint = checkpoint, Callbacks = [stop] }));
        Assert.Equal(Run(options with { Epochs = 5 }).History["frechet_distance"], Run(options with { Epochs = 5, Checkpoint = checkpoint }).History["frechet_distance"]);
    }

    [Fact]
    public void It_is_measured_as_often_as_asked()
    {
        TrainedGenerator trained = Run(Options with { FrechetDistance = Plain with { EveryEpochs = 3 }, Epochs = 7 });
        Assert.Equal([3, 6, 7], trained.History.Epochs.Where(e => e.Metrics.ContainsKey("frechet_distance")).Select(e => e.Epoch));
    }

    [Fact]
    public void What_cannot_be_measured_is_said()
    {
        Assert.Contains("RowCount is 1", Fails(Plain with { RowCount = 1 }), StringComparison.Ordinal);
        Assert.Contains("EveryEpochs is 0", Fails(Plain with { EveryEpochs = 0 }), StringComparison.Ordinal);
        TrainedNetwork wide = new(Network.Input(3).Flatten(), new Dictionary<string, float[]>(), new History());
        Assert.Contains("the rows have 2 numbers", Fails(new(wide)), StringComparison.Ordinal);
        Assert.Contains("one input of numbers", Fails(new(wide with { Network = Network.TokenInput(2).Flatten() })), StringComparison.Ordinal);
    }

    private static AdversarialOptions Options => new()
    {
        BatchSize = 32,
        Seed = 5,
        GeneratorOptimizer = new Adam { LearningRate = 0.004f, Beta1 = 0.5f },
        DiscriminatorOptimizer = new Adam { LearningRate = 0.008f, Beta1 = 0.5f },
        InstanceNoise = 0.2f,
    };

    private static string Fails(FrechetDistance distance) => Assert.Throws<ArgumentException>(() => Run(Options with { FrechetDistance = distance })).Message;

    private static TrainedGenerator Run(AdversarialOptions options) => new AdversarialTrainer(
        Network.Input(4).Dense(32).Relu().Dense(2), Network.Input(2).Dense(32).LeakyRelu(0.2).Dense(1), options, new CpuEngine(1)).Train(Planar.Clouds(Places, 400, 0.1f));

    private static float[] Numbers(JsonElement json) => [.. json.EnumerateArray().Select(v => (float)v.GetDouble())];
}
