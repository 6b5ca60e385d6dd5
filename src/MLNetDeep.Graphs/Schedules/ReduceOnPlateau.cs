namespace MLNetDeep.Schedules;

/// <summary>A rate that drops by a factor when a watched number, such as the validation loss, has stopped getting better.</summary>
/// <remarks>
/// Counts as Keras does. PyTorch's ReduceLROnPlateau waits one epoch longer for the same patience, and one more in a cool-down of the same length.
/// A number that is NaN is no improvement.
/// </remarks>
/// <param name="LearningRate">The first rate; at least 0.</param>
public sealed record ReduceOnPlateau(float LearningRate) : LearningRateSchedule
{
    /// <summary>What a drop multiplies by; 0 to 1. Default 0.1.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>The rate drops at the end of this many epochs in a row without improvement. Default 10.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>What is less than this does not count as better; at least 0. Default 0.0001.</summary>
    public float MinDelta { get; init; } = 1e-4f;

    /// <summary>Epochs to wait after a drop before counting again. Default 0.</summary>
    public int Cooldown { get; init; }

    /// <summary>The rate never drops below; at least 0. Default 0.</summary>
    public float MinLearningRate { get; init; }

    /// <summary>Whether larger is better, as for an accuracy. Default false.</summary>
    public bool Maximize { get; init; }

    /// <inheritdoc/>
    public override bool WatchesMetric => true;

    /// <inheritdoc/>
    public override ScheduleState? After(ScheduleState? state, float metric)
    {
        Check();
        (float rate, float best, int waited, int cooling) = state ?? new(LearningRate, Maximize ? float.NegativeInfinity : float.PositiveInfinity, 0, 0);
        if (cooling > 0)
        {
            cooling--;
            waited = 0;
        }

        if (Maximize ? metric > best + MinDelta : metric < best - MinDelta)
        {
            best = metric;
            waited = 0;
        }
        else if (cooling == 0 && ++waited >= Patience && rate > MinLearningRate)
        {
            rate = Math.Max((float)(rate * Factor), MinLearningRate);
            cooling = Cooldown;
            waited = 0;
        }

        return new(rate, best, waited, cooling);
    }

    /// <inheritdoc/>
    protected override double Rate(long step, long stepsPerEpoch, int epochs, ScheduleState? state) => state?.LearningRate ?? LearningRate;

    /// <inheritdoc/>
    protected override void Check()
    {
        SettingCheck.InRange(this, nameof(LearningRate), LearningRate, 0);
        SettingCheck.InRange(this, nameof(Factor), Factor, 0, 1);
        SettingCheck.InRange(this, nameof(Patience), Patience, 1);
        SettingCheck.InRange(this, nameof(MinDelta), MinDelta, 0);
        SettingCheck.InRange(this, nameof(Cooldown), Cooldown, 0);
        SettingCheck.InRange(this, nameof(MinLearningRate), MinLearningRate, 0);
    }
}
