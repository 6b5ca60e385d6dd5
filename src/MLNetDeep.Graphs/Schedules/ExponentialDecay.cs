namespace MLNetDeep.Schedules;

/// <summary>A rate that falls by a factor every so many epochs, a little each step: <c>rate · factor^(epochs / every)</c>.</summary>
/// <param name="LearningRate">The first rate; at least 0.</param>
/// <param name="Factor">What one period multiplies by; at least 0.</param>
/// <param name="EveryEpochs">Length of a period in epochs; more than 0. Default 1.</param>
public sealed record ExponentialDecay(float LearningRate, double Factor, double EveryEpochs = 1) : LearningRateSchedule
{
    /// <inheritdoc/>
    protected override double Rate(long step, long stepsPerEpoch, int epochs, ScheduleState? state) =>
        LearningRate * Math.Pow(Factor, step / (EveryEpochs * stepsPerEpoch));

    /// <inheritdoc/>
    protected override void Check()
    {
        SettingCheck.InRange(this, nameof(LearningRate), LearningRate, 0);
        SettingCheck.InRange(this, nameof(Factor), Factor, 0);
        SettingCheck.InRange(this, nameof(EveryEpochs), EveryEpochs, 1e-9);
    }
}
