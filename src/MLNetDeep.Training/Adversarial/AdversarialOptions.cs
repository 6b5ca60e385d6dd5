using System.Globalization;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Training.Callbacks;
using MLNetDeep.Training.Checkpoints;

namespace MLNetDeep.Training.Adversarial;

/// <summary>How a generator and a discriminator are trained against each other.</summary>
public sealed record AdversarialOptions
{
    /// <summary>What they play for. Default <see cref="NonSaturatingLoss"/>.</summary>
    public AdversarialLoss Loss { get; init; } = new NonSaturatingLoss();

    /// <summary>A penalty on the discriminator's gradient: <see cref="InterpolationPenalty"/> for WGAN-GP, <see cref="R1Penalty"/>. Default null: none.</summary>
    public GradientPenalty? Penalty { get; init; }

    /// <summary>How the generator's weights follow their gradients. Default Adam with a rate of 0.0002 and Beta1 0.5 (Radford, Metz and Chintala 2016).</summary>
    public Optimizer GeneratorOptimizer { get; init; } = new Adam { LearningRate = 2e-4f, Beta1 = 0.5f };

    /// <summary>
    /// How the discriminator's weights follow their gradients; a higher rate than the generator's gives two time scales (Heusel et al. 2017). Default as the generator's.
    /// </summary>
    public Optimizer DiscriminatorOptimizer { get; init; } = new Adam { LearningRate = 2e-4f, Beta1 = 0.5f };

    /// <summary>
    /// The generator's learning rate over time, in place of its optimizer's; one that falls lets the two come to rest. It cannot be one that watches a figure: there is none whose fall means progress.
    /// Default null: the optimizer's, all the time.
    /// </summary>
    public LearningRateSchedule? GeneratorSchedule { get; init; }

    /// <summary>The discriminator's likewise. Default null.</summary>
    public LearningRateSchedule? DiscriminatorSchedule { get; init; }

    /// <summary>Discriminator steps, each on rows of its own, for one generator step; at least 1. Default 1.</summary>
    public int DiscriminatorSteps { get; init; } = 1;

    /// <summary>
    /// How slowly the mean of the generator's weights forgets, which then is what generates (Yazıcı et al. 2019): 0.999, say; at least 0 and less than 1. Early on it forgets faster,
    /// (1 + steps) / (10 + steps) at most. Default null: the last weights generate.
    /// </summary>
    public float? AverageDecay { get; init; }

    /// <summary>
    /// Standard deviation of the noise that is added to real and generated rows before the discriminator sees them (Sønderby et al. 2017); it goes down to 0, in a straight line,
    /// over the epochs. At least 0. Default 0.
    /// </summary>
    public float InstanceNoise { get; init; }

    /// <summary>How many times each row is learned from, at most. Default 20.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Rows in a step of either; at least 2. All batches are whole: what is left at an epoch's end is not used in it. Default 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Most rows to keep in memory, within which they are shuffled. Default null: as many as fit into 256 MiB.</summary>
    public int? ShuffleBufferSize { get; init; }

    /// <summary>
    /// A collapsed generator makes nearly the same row again and again. Where the mean distance from a generated row to the nearest other is less than this share of the same among
    /// real rows, and does not grow by the epoch as it does at the beginning, a warning says so. 0 for no warnings. Default 0.1.
    /// </summary>
    public double CollapseThreshold { get; init; } = 0.1;

    /// <summary>
    /// Real rows, drawn at random, that as many generated ones are compared with by epoch, by the features of <see cref="FrechetDistance"/> where there are any: <c>density</c> in the history,
    /// about 1 where generated rows look real, and <c>coverage</c>, near 1 where they are as manifold (Naeem et al. 2020). Where they look real but cover less than half as much as they
    /// should, a warning says so: kinds of rows are missing, which is a collapse as well. 0 for no such comparison. Default 0.
    /// </summary>
    public int CoverageRowCount { get; init; }

    /// <summary>Measures by epoch how far generated rows are from real ones, which the history and the lines of <see cref="Log"/> then have as <c>frechet_distance</c>. Default null: not measured.</summary>
    public FrechetDistance? FrechetDistance { get; init; }

    /// <summary>Is given rows generated from the same latent vectors each time, after every <see cref="SampleEveryEpochs"/> epochs and the last. Default nobody.</summary>
    public Action<GeneratedSamples>? OnSamples { get; init; }

    /// <summary>Epochs from one call of <see cref="OnSamples"/> to the next. Default 1.</summary>
    public int SampleEveryEpochs { get; init; } = 1;

    /// <summary>Rows for <see cref="OnSamples"/>. Default 64.</summary>
    public int SampleCount { get; init; } = 64;

    /// <summary>Where to keep the state of the training (both networks and both optimizers), to go on from after an interruption. Default null: nowhere.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>Who is told. <see cref="BatchResult.Loss"/> is the discriminator's. Default nobody.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>Takes lines about what happens: one an epoch, and why training ended. Default nobody.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Takes lines about what went wrong without ending the training, such as a collapse, or a discriminator that is worse than chance. Default: <see cref="Log"/>.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Seed of first weights, order and noise. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Ends training with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Loss);
        Loss.Check();
        Penalty?.Check();
        FrechetDistance?.Check();
        CheckSchedule(GeneratorSchedule, nameof(GeneratorSchedule));
        CheckSchedule(DiscriminatorSchedule, nameof(DiscriminatorSchedule));
        Require(DiscriminatorSteps >= 1, nameof(DiscriminatorSteps), DiscriminatorSteps, "at least 1");
        Require(AverageDecay is null or (>= 0 and < 1), nameof(AverageDecay), AverageDecay, "at least 0 and less than 1, or null for no average");
        Require(InstanceNoise is >= 0 && float.IsFinite(InstanceNoise), nameof(InstanceNoise), InstanceNoise, "at least 0");
        Require(Epochs >= 1, nameof(Epochs), Epochs, "at least 1");
        Require(BatchSize >= 2, nameof(BatchSize), BatchSize, "at least 2");
        Require(ShuffleBufferSize is null or >= 1, nameof(ShuffleBufferSize), ShuffleBufferSize, "at least 1");
        Require(CollapseThreshold is >= 0 and <= 1, nameof(CollapseThreshold), CollapseThreshold, "0 to 1");
        Require(CoverageRowCount is 0 or >= 2, nameof(CoverageRowCount), CoverageRowCount, "0 for none, or at least 2");
        Require(SampleEveryEpochs >= 1, nameof(SampleEveryEpochs), SampleEveryEpochs, "at least 1");
        Require(SampleCount >= 1, nameof(SampleCount), SampleCount, "at least 1");
        Require(Checkpoint is null or { EveryEpochs: >= 1 }, "Checkpoint.EveryEpochs", Checkpoint?.EveryEpochs, "at least 1");
    }

    // Its own settings are checked where it is asked for a rate.
    private void CheckSchedule(LearningRateSchedule? schedule, string option)
    {
        Require(schedule is not { WatchesMetric: true }, option, schedule?.GetType().Name, "a schedule that does not watch a figure, or null");
        schedule?.At(0, 1, Math.Max(Epochs, 1));
    }

    private static void Require(bool holds, string option, object? value, string expected)
    {
        if (!holds)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}, expected {expected}."), option);
    }
}
