using MLNetDeep.Schedules;

namespace MLNetDeep.Training.Checkpoints;

/// <summary>What a training must remember from one epoch to the next beside its variables.</summary>
internal sealed class TrainingState
{
    public List<EpochResult> Epochs { get; init; } = [];

    /// <summary>The best value of the watched figure.</summary>
    public double? Best { get; set; }

    public int BestEpoch { get; set; }

    public ScheduleState? Schedule { get; set; }

    /// <summary>Why it ended before the last epoch, if it did.</summary>
    public string? StopReason { get; set; }
}
