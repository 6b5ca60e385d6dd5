using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Training;

namespace MLNetDeep.Estimators;

/// <summary>What trainers of a network that learns to predict can be told.</summary>
public abstract class SupervisedOptions : TrainingOptions
{
    private protected SupervisedOptions()
    {
    }

    /// <summary>How weights follow their gradients, with the learning rate. Default Adam with a rate of 0.001.</summary>
    public Optimizer Optimizer = new Adam();

    /// <summary>
    /// The limit of the norm of all gradients together, for a network with a recurrent layer whose <see cref="Optimizer"/> has no limit of its own (<c>ClipValue</c>,
    /// <c>ClipNorm</c>, <c>GlobalClipNorm</c>): over many steps gradients can explode (Pascanu, Mikolov and Bengio 2013). Null for no limit. Default 1.
    /// </summary>
    public float? RecurrentClipNorm = 1;

    /// <summary>The learning rate over time. Default null: the optimizer's.</summary>
    public LearningRateSchedule? LearningRateSchedule;

    /// <summary>How many times each row is learned from, at most. Default 20.</summary>
    public int Epochs = 20;

    /// <summary>Share of the training rows (of a language model: sequences, and pieces of longer ones), drawn at random, that are not learned from but validate. Default 0.</summary>
    public double ValidationFraction;

    /// <summary>Rows to validate on. They must have the columns that the trainer sees: where estimators stand before it, transform the rows by those first. Default null: see <see cref="ValidationFraction"/>.</summary>
    public IDataView? ValidationSet;

    /// <summary>When to end early, with the weights of the best epoch. Default null: never.</summary>
    public EarlyStopping? EarlyStopping;

    internal override TrainerOptions ForTrainer(Loss loss, IHost host, IChannel channel, int seed) => base.ForTrainer(loss, host, channel, seed) with
    {
        Optimizer = Optimizer,
        RecurrentClipNorm = RecurrentClipNorm,
        LearningRateSchedule = LearningRateSchedule,
        Epochs = Epochs,
        ValidationFraction = ValidationFraction,
        EarlyStopping = EarlyStopping,
    };
}
