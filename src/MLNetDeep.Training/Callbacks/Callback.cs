namespace MLNetDeep.Training.Callbacks;

/// <summary>Is told what happens in training, and can end it. Override what is of interest.</summary>
public abstract class Callback
{
    /// <summary>Before the first epoch.</summary>
    public virtual void OnTrainBegin(TrainingContext context)
    {
    }

    /// <summary>Before an epoch.</summary>
    /// <param name="context">The training.</param>
    /// <param name="epoch">Its number, from 1.</param>
    public virtual void OnEpochBegin(TrainingContext context, int epoch)
    {
    }

    /// <summary>After a training step.</summary>
    public virtual void OnBatchEnd(TrainingContext context, in BatchResult result)
    {
    }

    /// <summary>After an epoch and its validation, before the result is noted.</summary>
    /// <param name="context">The training.</param>
    /// <param name="epoch">The epoch's number, from 1.</param>
    /// <param name="figures">What has been measured; figures that are added are logged, kept in the history and saved in checkpoints as the others are.</param>
    public virtual void OnMeasure(TrainingContext context, int epoch, IDictionary<string, double> figures)
    {
    }

    /// <summary>After an epoch and its validation.</summary>
    public virtual void OnEpochEnd(TrainingContext context, EpochResult result)
    {
    }

    /// <summary>After the last epoch, when the weights are final; not if training failed or was cancelled.</summary>
    public virtual void OnTrainEnd(TrainingContext context)
    {
    }
}
