namespace MLNetDeep.Schedules;

/// <summary>
/// The learning rate as a function of the step: nothing is kept between calls, so training resumed at a step goes on as if it had never stopped.
/// All lengths are in epochs and may be fractions.
/// </summary>
public abstract record LearningRateSchedule
{
    /// <summary>A rate that stays.</summary>
    public static implicit operator LearningRateSchedule(float learningRate) => new ConstantRate(learningRate);

    /// <summary>The rate for a step.</summary>
    /// <param name="step">The number of the step, from 0, counted through all epochs.</param>
    /// <param name="stepsPerEpoch">How many steps an epoch has; at least 1.</param>
    /// <param name="epochs">How many epochs the training is to have; at least 1.</param>
    /// <param name="state">What <see cref="After"/> gave after the last epoch; null before that.</param>
    public float At(long step, long stepsPerEpoch, int epochs, ScheduleState? state = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        Check();
        return (float)Rate(step, stepsPerEpoch, epochs, state);
    }

    /// <summary>The state after an epoch. Schedules that do not watch the training keep none: null.</summary>
    /// <param name="state">The state before; null at first.</param>
    /// <param name="metric">The watched number at the end of the epoch.</param>
    public virtual ScheduleState? After(ScheduleState? state, float metric) => null;

    /// <summary>Whether <see cref="After"/> needs to be called at the end of each epoch. Default false.</summary>
    public virtual bool WatchesMetric => false;

    /// <summary>The rate for a step; the arguments have been checked.</summary>
    protected abstract double Rate(long step, long stepsPerEpoch, int epochs, ScheduleState? state);

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">One is out of range.</exception>
    protected abstract void Check();

    // Half a cosine wave from 1 down to 0.
    private protected static double Cosine(double progress) => (1 + Math.Cos(Math.PI * Math.Clamp(progress, 0, 1))) / 2;
}
