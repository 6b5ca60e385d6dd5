using MLNetDeep.Cpu;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Training.Adversarial;
using MLNetDeep.Training.Checkpoints;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests.Adversarial;

public sealed class AdversarialTrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-gan-").FullName;

    private static readonly (float X, float Y)[] TwoPlaces = [(-1, 0.5f), (1, -0.5f)];

    private static Network Generator => Network.Input(4).Dense(16).BatchNormalization(momentum: 0.5).Relu().Dense(2);

    private static Network Discriminator => Network.Input(2).Dense(16).LeakyRelu(0.2).Dense(1);

    private static AdversarialOptions Options => new()
    {
        Epochs = 4,
        BatchSize = 16,
        Seed = 5,
        GeneratorOptimizer = new Adam { LearningRate = 0.002f, Beta1 = 0.5f },
        DiscriminatorOptimizer = new Adam { LearningRate = 0.004f, Beta1 = 0.5f },
        AverageDecay = 0.9f,
        InstanceNoise = 0.1f,
    };

    public static TheoryData<string> Games => [.. Ways.Keys];

    private static Dictionary<string, AdversarialOptions> Ways => new()
    {
        ["gan"] = Options,
        ["gan, smooth"] = Options with { Loss = new NonSaturatingLoss { LabelSmoothing = 0.1f } },
        ["lsgan"] = Options with { Loss = new LeastSquaresLoss() },
        ["wgan"] = Options with { Loss = new WassersteinLoss { WeightClip = 0.05f }, DiscriminatorSteps = 2 },
        ["wgan-gp"] = Options with { Loss = new WassersteinLoss(), Penalty = new InterpolationPenalty(), DiscriminatorSteps = 3 },
        ["schedules"] = Options with { GeneratorSchedule = new CosineDecay(0.002f), DiscriminatorSchedule = new StepDecay(0.004f, EveryEpochs: 1, Factor: 0.5) },
        ["hinge"] = Options with { Loss = new HingeLoss() },
        ["r1"] = Options with { Penalty = new R1Penalty { Weight = 1 } },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Games))]
    public void The_same_seed_gives_the_same_bits_on_any_number_of_threads_and_after_a_stop(string game)
    {
        AdversarialOptions options = Ways[game];
        Network discriminator = game == "hinge" ? Discriminator.WithSpectralNormalization() : Discriminator;
        TrainedGenerator whole = Run(options, discriminator);
        SameBits(whole, Run(options, discriminator, threads: 3));
        Assert.False(Train.HaveSameBits(whole.Generator, Run(options with { Seed = 6 }, discriminator).Generator));

        CheckpointOptions checkpoint = new(Path.Combine(_folder, "run"));
        Recorder stop = new() { AtEpoch = (_, e) => { if (e.Epoch == 2) throw new OperationCanceledException(); } };
        Assert.Throws<OperationCanceledException>(() => Run(options with { Checkpoint = checkpoint, Callbacks = [stop] }, discriminator));
        Recorder again = new();
        TrainedGenerator resumed = Run(options with { Checkpoint = checkpoint, Callbacks = [again] }, discriminator);
        Assert.Equal("epoch 2 begins", again.Calls[1]); // stopped before the checkpoint of epoch 2 was written
        SameBits(whole, resumed);
        Assert.Equal(whole.History["generator_loss"], resumed.History["generator_loss"]);
        Assert.Equal(options.Penalty is not null, whole.History.Epochs[0].Metrics.ContainsKey("gradient_penalty"));
    }

    [Fact]
    public void A_clipped_critic_stays_within_its_limit()
    {
        TrainedGenerator trained = Run(Ways["wgan"], Discriminator);
        Assert.Equal(0.05f, trained.Discriminator.Weights.Values.Max(w => w.Max(Math.Abs)));
    }

    [Fact]
    public void Each_network_follows_its_own_optimizer()
    {
        // A network whose rate is 0 stays as it begins; the other goes on.
        TrainedGenerator still = Run(Options with { AverageDecay = null, GeneratorOptimizer = new Sgd { LearningRate = 0 }, Epochs = 1 }, Discriminator);
        TrainedGenerator longer = Run(Options with { AverageDecay = null, GeneratorOptimizer = new Sgd { LearningRate = 0 }, Epochs = 2 }, Discriminator);
        Assert.Equal(still.Generator.Weights["dense/kernel"], longer.Generator.Weights["dense/kernel"]);
        Assert.NotEqual(still.Discriminator.Weights["dense/kernel"], longer.Discriminator.Weights["dense/kernel"]);
    }

    [Fact]
    public void Each_network_follows_its_own_schedule()
    {
        // In place of the optimizer's rate.
        TrainedGenerator constant = Run(Options with { InstanceNoise = 0 }, Discriminator);
        TrainedGenerator same = Run(Options with { InstanceNoise = 0, GeneratorOptimizer = new Adam { LearningRate = 1, Beta1 = 0.5f }, GeneratorSchedule = 0.002f, DiscriminatorOptimizer = new Adam { LearningRate = 1, Beta1 = 0.5f }, DiscriminatorSchedule = 0.004f }, Discriminator);
        Assert.Equal(constant.Generator.Weights["dense/kernel"], same.Generator.Weights["dense/kernel"]);
        Assert.Equal(constant.Discriminator.Weights["dense/kernel"], same.Discriminator.Weights["dense/kernel"]);

        // One that has fallen to 0 after two of four epochs stays, the other goes on.
        AdversarialOptions halted = Options with { AverageDecay = null, InstanceNoise = 0, GeneratorSchedule = new CosineDecay(0.002f) { Epochs = 2 } };
        TrainedGenerator early = Run(halted with { Epochs = 2 }, Discriminator), late = Run(halted, Discriminator);
        Assert.Equal(early.Generator.Weights["dense/kernel"], late.Generator.Weights["dense/kernel"]);
        Assert.NotEqual(early.Discriminator.Weights["dense/kernel"], late.Discriminator.Weights["dense/kernel"]);
        float[] rates = [.. late.History.Epochs.Select(e => e.LearningRate)];
        Assert.True(rates[0] > rates[1]);
        Assert.Equal([0f, 0f], rates[2..]);
    }

    [Fact]
    public void The_average_of_the_generator_lags_behind_it()
    {
        TrainedGenerator last = Run(Options with { AverageDecay = null }, Discriminator), average = Run(Options, Discriminator);
        Assert.NotEqual(last.Generator.Weights["dense/kernel"], average.Generator.Weights["dense/kernel"]);

        // What is averaged does not change what is learned.
        Assert.Equal(last.Discriminator.Weights["dense/kernel"], average.Discriminator.Weights["dense/kernel"]);
        SameBits(last, Run(Options with { AverageDecay = 0 }, Discriminator));
    }

    [Fact]
    public void Rows_are_of_the_class_that_is_asked_for()
    {
        Network latent = Network.Input(4), kind = Network.Input(2), row = Network.Input(2), rowKind = Network.Input(2);
        Network generator = latent.Concatenate(kind).Dense(32).Relu().Dense(2);
        Network discriminator = row.Concatenate(rowKind).Dense(32).LeakyRelu(0.2).Dense(1);
        GeneratedSamples? samples = null;
        AdversarialOptions options = Options with { Epochs = 60, AverageDecay = 0.95f, InstanceNoise = 0.2f, OnSamples = s => samples = s, SampleCount = 40 };
        new AdversarialTrainer(generator, discriminator, options, new CpuEngine(1)).Train(Planar.Clouds(TwoPlaces, 512, 0.1f, classes: true));

        Assert.Equal(60, samples!.Epoch);
        Assert.Equal(40, samples.Count);
        double right = Enumerable.Range(0, 40).Count(i => Math.Sign(samples.Rows[2 * i]) == (samples.Classes[i] == 0 ? -1 : 1)) / 40.0;
        Assert.True(right >= 0.9, $"{right:P0} of the rows are where their class is.");
    }

    [Fact]
    public void A_collapse_is_reported()
    {
        // A generator that does not look at its latent vector makes one row.
        Network generator = Network.Input(4).Dense(2, kernelInitializer: new Initializers.Constant(0));
        List<string> warnings = [];
        AdversarialOptions options = Options with { Warn = warnings.Add, GeneratorOptimizer = new Sgd { LearningRate = 0 }, InstanceNoise = 0 };
        TrainedGenerator trained = new AdversarialTrainer(generator, Discriminator, options, new CpuEngine(1)).Train(Planar.Clouds(TwoPlaces, 64, 0.1f));
        Assert.Contains("collapsed", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.All(trained.History["diversity"], d => Assert.Equal(0, d, 6));

        warnings.Clear();
        Run(Options with { Warn = warnings.Add }, Discriminator);
        Assert.Empty(warnings);
    }

    [Fact]
    public void What_cannot_be_trained_is_said_before()
    {
        Assert.Contains("fewer than the 16 of a batch", Fails(() => Run(Options, Discriminator, rows: 15)), StringComparison.Ordinal);
        Assert.Contains("data is empty", Fails(() => Run(Options, Discriminator, rows: 0)), StringComparison.Ordinal);
        Assert.Contains("DiscriminatorSteps is 0", Fails(() => Run(Options with { DiscriminatorSteps = 0 }, Discriminator)), StringComparison.Ordinal);
        Assert.Contains("LabelSmoothing is 0.5", Fails(() => Run(Options with { Loss = new LeastSquaresLoss { LabelSmoothing = 0.5f } }, Discriminator)), StringComparison.Ordinal);
        Assert.Contains("GeneratorSchedule is ReduceOnPlateau", Fails(() => Run(Options with { GeneratorSchedule = new ReduceOnPlateau(0.1f) }, Discriminator)), StringComparison.Ordinal);
        Assert.Contains("Alpha is 2", Fails(() => Run(Options with { DiscriminatorSchedule = new CosineDecay(0.1f) { Alpha = 2 } }, Discriminator)), StringComparison.Ordinal);
        Assert.Contains("Weight is 0", Fails(() => Run(Options with { Penalty = new R1Penalty { Weight = 0 } }, Discriminator)), StringComparison.Ordinal);
        Assert.Contains("makes rows of shape", Fails(() => Run(Options, Network.Input(3).Dense(1))), StringComparison.Ordinal);
        Assert.Contains("expected one number a row", Fails(() => Run(Options, Network.Input(2).Dense(2))), StringComparison.Ordinal);
        Assert.Contains("received 2: x, class", Fails(() => new AdversarialTrainer(Generator, Discriminator, Options, new CpuEngine(1)).Train(Planar.Clouds(TwoPlaces, 64, 1, classes: true))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_diverges_ends()
    {
        AdversarialOptions options = Options with { DiscriminatorOptimizer = new Sgd { LearningRate = 1e30f }, Loss = new WassersteinLoss(), InstanceNoise = 0 };
        Assert.Throws<TrainingDivergedException>(() => Run(options, Discriminator));
    }

    private static string Fails(Action action) => Assert.Throws<ArgumentException>(action).Message;

    private static TrainedGenerator Run(AdversarialOptions options, Network discriminator, int threads = 1, int rows = 100) =>
        new AdversarialTrainer(Generator, discriminator, options, new CpuEngine(threads)).Train(Planar.Clouds(TwoPlaces, rows, 0.1f));

    private static void SameBits(TrainedGenerator expected, TrainedGenerator actual)
    {
        Train.SameBits(expected.Generator, actual.Generator);
        Train.SameBits(expected.Discriminator, actual.Discriminator);
    }
}
