namespace MLNetDeep.Schedules;

/// <summary>
/// A rate that climbs to a maximum and falls to almost nothing, both along half a cosine wave, once in the whole training
/// (Smith and Topin 2018); the formula is that of PyTorch's OneCycleLR.
/// </summary>
/// <param name="MaxLearningRate">The maximum; at least 0.</param>
public sealed record OneCycle(float MaxLearningRate) : LearningRateSchedule
{
    /// <summary>Length in epochs; more than 0. Default null: the whole training. The rate stays at the end's after that.</summary>
    public double? Epochs { get; init; }

    /// <summary>The share of the steps that climb; 0 to 1. Default 0.3.</summary>
    public double WarmupFraction { get; init; } = 0.3;

    /// <summary>The first rate is the maximum over this. Default 25.</summary>
    public double DivFactor { get; init; } = 25;

    /// <summary>The last rate is the first over this. Default 10,000.</summary>
    public double FinalDivFactor { get; init; } = 1e4;

    /// <inheritdoc/>
    protected override double Rate(long step, long stepsPerEpoch, int epochs, ScheduleState? state)
    {
        double steps = (Epochs ?? epochs) * stepsPerEpoch, peak = WarmupFraction * steps - 1, last = steps - 1;
        double start = MaxLearningRate / DivFactor, end = start / FinalDivFactor;
        double k = Math.Min(step, last);
        if (k <= peak)
            return MaxLearningRate + (start - MaxLearningRate) * Cosine(peak > 0 ? k / peak : 1);
        return end + (MaxLearningRate - end) * Cosine(last > peak ? (k - peak) / (last - peak) : 1);
    }

    /// <inheritdoc/>
    protected override void Check()
    {
        SettingCheck.InRange(this, nameof(MaxLearningRate), MaxLearningRate, 0);
        SettingCheck.InRange(this, nameof(WarmupFraction), WarmupFraction, 0, 1);
        SettingCheck.InRange(this, nameof(DivFactor), DivFactor, 1e-9);
        SettingCheck.InRange(this, nameof(FinalDivFactor), FinalDivFactor, 1e-9);
        if (Epochs is { } epochs)
            SettingCheck.InRange(this, nameof(Epochs), epochs, 1e-9);
    }
}
