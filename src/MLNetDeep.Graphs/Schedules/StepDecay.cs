namespace MLNetDeep.Schedules;

/// <summary>A rate that drops by a factor every so many epochs: <c>rate · factor^⌊epochs / every⌋</c>.</summary>
/// <param name="LearningRate">The first rate; at least 0.</param>
/// <param name="EveryEpochs">Epochs between drops; more than 0.</param>
/// <param name="Factor">What each drop multiplies by; at least 0. Default 0.1.</param>
public sealed record StepDecay(float LearningRate, double EveryEpochs, double Factor = 0.1) : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override double Rate(long step, long stepsPerEpoch, int epochs, ScheduleState? state) =>
        LearningRate * Math.Pow(Factor, Math.Floor(step / (EveryEpochs * stepsPerEpoch)));

    /// <inheritdoc/>
    protected override void Check()
    {
        SettingCheck.InRange(this, nameof(LearningRate), LearningRate, 0);
        SettingCheck.InRange(this, nameof(EveryEpochs), EveryEpochs, 1e-9);
        SettingCheck.InRange(this, nameof(Factor), Factor, 0);
    }
}
