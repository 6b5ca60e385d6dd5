namespace MLNetDeep.Schedules;

/// <summary>A rate that stays.</summary>
/// <param name="LearningRate">The rate; at least 0.</param>
public sealed record ConstantRate(float LearningRate) : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override double Rate(long step, long stepsPerEpoch, int epochs, ScheduleState? state) => LearningRate;

    /// <inheritdoc/>
    protected override void Check() => SettingCheck.InRange(this, nameof(LearningRate), LearningRate, 0);
}
