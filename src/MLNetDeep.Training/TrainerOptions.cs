using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Training.Augmentation;
using MLNetDeep.Training.Callbacks;
using MLNetDeep.Training.Checkpoints;
using MLNetDeep.Training.Metrics;

namespace MLNetDeep.Training;

/// <summary>How a network is trained.</summary>
public sealed record TrainerOptions
{
    /// <summary>What training makes small.</summary>
    public required Loss Loss { get; init; }

    /// <summary>
    /// What history and progress call the loss of outputs alone, without what layers add to it (divergences, penalties of weights): <c>reconstruction_loss</c>, say. Default null: it is not reported.
    /// </summary>
    public string? OutputLossName { get; init; }

    /// <summary>Figures to follow beside the loss. Default none.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>How weights follow their gradients. Default Adam.</summary>
    public Optimizer Optimizer { get; init; } = new Adam();

    /// <summary>
    /// The limit of the norm of all gradients together, for a network with a recurrent layer whose <see cref="Optimizer"/> has no limit of its own
    /// (<see cref="Optimizer.ClipValue"/>, <see cref="Optimizer.ClipNorm"/>, <see cref="Optimizer.GlobalClipNorm"/>): over many steps gradients can explode
    /// (Pascanu, Mikolov and Bengio 2013). Null for no limit. Default 1.
    /// </summary>
    public float? RecurrentClipNorm { get; init; } = 1;

    /// <summary>The learning rate over time. Default null: the optimizer's. One that watches a figure watches that of <see cref="EarlyStopping"/>, or <c>val_loss</c>, or <c>loss</c>.</summary>
    public LearningRateSchedule? LearningRateSchedule { get; init; }

    /// <summary>How many times each row is learned from, at most. Default 20.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Rows in a training step. The last batch of an epoch may have fewer. Default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Share of the training rows that are not learned from but validate, drawn at random; 0 to less than 1. Default 0.</summary>
    public double ValidationFraction { get; init; }

    /// <summary>Whether rows come in a new random order in each epoch. Default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Whether batches have as many rows of one class as of another, for targets that are classes: Int32 class numbers, or one Float32 that is 0 or 1. Rows of rare
    /// classes come several times in an epoch, of frequent ones some do not; an epoch is as many rows as there are. All rows must fit into memory, and
    /// <see cref="Shuffle"/> must be true. Default false.
    /// </summary>
    public bool BalancedBatches { get; init; }

    /// <summary>Most rows to keep in memory, within which they are shuffled. Default null: as many as fit into 256 MiB.</summary>
    public int? ShuffleBufferSize { get; init; }

    /// <summary>Random changes to the images of training batches. Default null: none.</summary>
    public ImageAugmentation? Augmentation { get; init; }

    /// <summary>Threads that prepare batches while the engine trains on the one before; 0 to 8. 0 prepares them between steps. The results are the same. Default null: chosen by what there is to do.</summary>
    public int? DataThreads { get; init; }

    /// <summary>When to end early. Default null: never.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Where to keep the state of the training, to go on from after an interruption. Default null: nowhere.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>Who is told. Default nobody.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>Takes lines about what happens: one an epoch, and why training ended. Default nobody.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Takes lines about what went wrong without ending the training. Default: <see cref="Log"/>.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>
    /// Values that weights start with, by name, such as those of a part of another network: <see cref="TrainedNetwork.UpTo"/>. The network must have all of them;
    /// its other weights start as their initializers say. Default none.
    /// </summary>
    public IReadOnlyDictionary<string, float[]>? InitialWeights { get; init; }

    /// <summary>Seed of first weights, order and dropout. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Ends training with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }
}
