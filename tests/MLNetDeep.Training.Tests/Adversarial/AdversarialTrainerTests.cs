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

    private static Dictionary<string, AdversarialOptions> Changes => new()
    {
        ["label smoothing"] = Options with { Loss = new NonSaturatingLoss { LabelSmoothing = 0.1f } },
        ["least squares"] = Options with { Loss = new LeastSquaresLoss() },
        ["least squares, smooth"] = Options with { Loss = new LeastSquaresLoss { LabelSmoothing = 0.1f } },
        ["wasserstein"] = Options with { Loss = new WassersteinLoss() },
        ["wasserstein, clipped"] = Options with { Loss = new WassersteinLoss { WeightClip = 0.05f } },
        ["hinge"] = Options with { Loss = new HingeLoss() },
        ["interpolation penalty"] = Options with { Penalty = new InterpolationPenalty() },
        ["light interpolation penalty"] = Options with { Penalty = new InterpolationPenalty { Weight = 1 } },
        ["r1"] = Options with { Penalty = new R1Penalty() },
        ["light r1"] = Options with { Penalty = new R1Penalty { Weight = 1 } },
        ["discriminator steps"] = Options with { DiscriminatorSteps = 2 },
        ["no instance noise"] = Options with { InstanceNoise = 0 },
        ["more instance noise"] = Options with { InstanceNoise = 0.3f },
        ["average"] = Options with { AverageDecay = 0.5f },
        ["no average"] = Options with { AverageDecay = null },
        ["generator rate"] = Options with { GeneratorOptimizer = new Adam { LearningRate = 0.003f, Beta1 = 0.5f } },
        ["discriminator rate"] = Options with { DiscriminatorOptimizer = new Adam { LearningRate = 0.003f, Beta1 = 0.5f } },
        ["batch size"] = Options with { BatchSize = 15 },
        ["epochs"] = Options with { Epochs = 3 },
        ["shuffle buffer"] = Options with { ShuffleBufferSize = 20 },
        ["seed"] = Options with { Seed = 6 },
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
    public void Every_setting_changes_what_generates()
    {
        // From each of the others too: of two settings the second is not just the first.
        Dictionary<string, TrainedGenerator> trained = Changes.ToDictionary(c => c.Key, c => Run(c.Value, Discriminator));
        trained.Add("as it was", Run(Options, Discriminator));
        trained.Add("spectral normalization", Run(Options, Discriminator.WithSpectralNormalization()));
        string[] names = [.. trained.Keys];
        for (int i = 0; i < names.Length; i++)
        {
            for (int j = 0; j < i; j++)
                Assert.False(Train.HaveSameBits(trained[names[i]].Generator, trained[names[j]].Generator), $"'{names[i]}' and '{names[j]}' generate the same.");
        }
    }

    [Fact]
    public void The_generator_steps_once_for_so_many_steps_of_the_discriminator()
    {
        // 6 batches an epoch: steps 4, 8, 12, ... of all epochs are the generator's too.
        List<bool> moved = [];
        float[]? before = null, judge = null;
        Recorder watch = new()
        {
            AtBatch = (context, _) =>
            {
                float[] kernel = context.Read("generator/dense/kernel"), critic = context.Read("discriminator/dense/kernel");
                moved.Add(before is not null && !kernel.SequenceEqual(before));
                Assert.False(judge is not null && critic.SequenceEqual(judge));
                (before, judge) = (kernel, critic);
            },
        };
        Run(Options with { DiscriminatorSteps = 4, Callbacks = [watch] }, Discriminator);
        Assert.Equal([.. Enumerable.Range(1, 24).Select(i => i % 4 == 0)], moved);

        // An epoch without such a step has no figure of it.
        List<string> lines = [];
        TrainedGenerator slow = Run(Options with { DiscriminatorSteps = 12, Log = lines.Add }, Discriminator);
        Assert.Equal([false, true, false, true], slow.History.Epochs.Select(e => e.Metrics.ContainsKey("generator_loss")));
        Assert.Equal([true, false, true, false], slow.History["generator_loss"].Select(double.IsNaN));
        Assert.DoesNotContain(lines, l => l.Contains("NaN", StringComparison.Ordinal));
        Assert.Contains("have 24 steps of 16 in all: the generator would never learn", Fails(() => Run(Options with { DiscriminatorSteps = 25 }, Discriminator)), StringComparison.Ordinal);
        Run(Options with { DiscriminatorSteps = 24 }, Discriminator);
    }

    [Fact]
    public void Instance_noise_goes_down_to_nothing_in_a_straight_line()
    {
        // Rows at 0, and a discriminator that stays as it is and scores relu(x): the mean of half a normal distribution is its deviation over the root of 2 pi.
        const float Noise = 2;
        const int Epochs = 4;
        Network still = Network.Input(2).Dense(1, useBias: false, kernelInitializer: new Initializers.Constant(1)).Relu();
        Network nothing = Network.Input(4).Dense(2, kernelInitializer: new Initializers.Constant(0));
        AdversarialOptions options = Options with { Epochs = Epochs, BatchSize = 50, InstanceNoise = Noise, GeneratorOptimizer = new Sgd { LearningRate = 0 }, DiscriminatorOptimizer = new Sgd { LearningRate = 0 }, CollapseThreshold = 0 };
        TrainedGenerator trained = new AdversarialTrainer(nothing, still, options, new CpuEngine(1)).Train(Planar.Clouds([(0, 0)], 4000, 0));
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            double expected = Noise * (1 - ((epoch + 0.5) / Epochs)) * Math.Sqrt(2) / Math.Sqrt(2 * Math.PI);
            Assert.Equal(expected, trained.History["real_score"][epoch], 0.08 * expected);
            Assert.Equal(expected, trained.History["fake_score"][epoch], 0.08 * expected);
        }
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

        // It is that of the weights after each step, forgetting fast at first; running statistics are averaged with them.
        foreach (string name in (string[])["dense/kernel", "batch_normalization/moving_variance"])
        {
            double[]? mean = null;
            int steps = 0;
            Recorder watch = new()
            {
                AtBatch = (context, _) =>
                {
                    steps++;
                    double decay = Math.Min(0.9, (1.0 + steps) / (10 + steps));
                    float[] now = context.Read($"generator/{name}");
                    mean = mean is null ? null : [.. mean.Zip(now, (m, v) => (m * decay) + (v * (1 - decay)))];

                    // It begins at the first weights, which no callback sees: from the average after the first step on.
                    mean ??= [.. context.Read($"average/generator/{name}").Select(v => (double)v)];
                },
            };
            TrainedGenerator watched = Run(Options with { Callbacks = [watch] }, Discriminator);
            Assert.Equal(24, steps);
            Assert.All(mean!.Zip(watched.Generator.Weights[name]), p => Assert.Equal(p.First, p.Second, 1e-5));
        }

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
    public void A_generator_that_begins_with_rows_nearly_the_same_has_not_collapsed()
    {
        // First weights as DCGAN's: so small that at first all rows are one.
        Network generator = Network.Input(4).Dense(16, kernelInitializer: new Initializers.RandomNormal(0, 0.001f)).Dense(2, kernelInitializer: new Initializers.RandomNormal(0, 0.05f));
        List<string> warnings = [], lines = [];
        AdversarialOptions options = Options with { Epochs = 30, AverageDecay = null, Warn = warnings.Add, Log = lines.Add };
        TrainedGenerator trained = Train(options);
        double[] diversity = [.. trained.History["diversity"]];
        Assert.True(diversity[0] < 0.1 && diversity[^1] > 0.1, string.Join(' ', diversity));
        Assert.Empty(warnings);
        Assert.DoesNotContain(lines, l => l.Contains("differ again", StringComparison.Ordinal));

        // Where it ends too early for that, it says so.
        Train(options with { Epochs = 1 });
        Assert.StartsWith("Epoch 1, the last: the generator's rows are still only", Assert.Single(warnings), StringComparison.Ordinal);
        warnings.Clear();
        Train(options with { Epochs = 1, CollapseThreshold = 0 });
        Assert.Empty(warnings);

        TrainedGenerator Train(AdversarialOptions options) => new AdversarialTrainer(generator, Discriminator, options, new CpuEngine(1)).Train(Planar.Clouds(TwoPlaces, 100, 0.1f));
    }

    [Theory]
    [InlineData("gan")]
    [InlineData("lsgan")]
    [InlineData("hinge")]
    public void A_discriminator_that_is_worse_than_chance_is_reported(string game)
    {
        List<string> warnings = [];
        AdversarialOptions options = Ways[game] with { Epochs = 30, InstanceNoise = 0, CollapseThreshold = 0, Warn = warnings.Add, AverageDecay = null };
        Run(options with { DiscriminatorOptimizer = new Sgd { LearningRate = 0 } }, Discriminator);
        Assert.Contains("for two epochs the discriminator has scored generated rows", Assert.Single(warnings), StringComparison.Ordinal);
        warnings.Clear();
        Run(options, Discriminator);
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
