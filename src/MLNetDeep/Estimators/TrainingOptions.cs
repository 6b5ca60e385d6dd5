using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Engines;
using MLNetDeep.Losses;
using MLNetDeep.Training;
using MLNetDeep.Training.Callbacks;
using MLNetDeep.Training.Checkpoints;

namespace MLNetDeep.Estimators;

/// <summary>What every trainer of networks can be told: who follows the training, how it ends before its time and goes on later, its seed and its engine.</summary>
public abstract class TrainingOptions
{
    private protected TrainingOptions()
    {
    }

    /// <summary>Who is told about batches and epochs. Default nobody.</summary>
    public IReadOnlyList<Callback> Callbacks = [];

    /// <summary>Takes a line an epoch, and warnings. The same lines go to <see cref="MLContext.Log"/>. Default nobody.</summary>
    public Action<string>? Progress;

    /// <summary>Where to keep the state of the training, to go on from after an interruption. Default null: nowhere.</summary>
    public CheckpointOptions? Checkpoint;

    /// <summary>Ends training with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken;

    /// <summary>Seed of first weights, order, dropout and noise. Default null: from the <see cref="MLContext"/>.</summary>
    public int? Seed;

    /// <summary>What networks are trained on and the model runs on. <c>Engine.TensorFlow</c> takes the device of <c>MLContext.GpuDeviceId</c>. Default null: the embedded engine, <c>Engine.Cpu</c>.</summary>
    public IEngine? Engine;

    internal TrainingOptions Copy() => (TrainingOptions)MemberwiseClone();

    /// <summary>These options as those of a training.</summary>
    internal virtual TrainerOptions ForTrainer(Loss loss, IHost host, IChannel channel, int seed) => new()
    {
        Loss = loss,
        Checkpoint = Checkpoint,
        Callbacks = CallbacksWith(host),
        Seed = seed,
        CancellationToken = CancellationToken,
        Log = line => Tell(channel, line),
        Warn = line => Warn(channel, line),
    };

    /// <summary>Those who are told, the check of ML.NET's own cancellation and <paramref name="more"/> first.</summary>
    internal IReadOnlyList<Callback> CallbacksWith(IHost host, params IEnumerable<Callback> more) => [new CancellationCheck(host), .. more, .. Callbacks];

    /// <summary>Hands a line to the log and to <see cref="Progress"/>.</summary>
    internal void Tell(IChannel channel, string line)
    {
        channel.Info(MessageSensitivity.None, line);
        Progress?.Invoke(line);
    }

    /// <summary>Hands a warning to the log and to <see cref="Progress"/>.</summary>
    internal void Warn(IChannel channel, string line)
    {
        channel.Warning(MessageSensitivity.None, line);
        Progress?.Invoke(line);
    }
}
