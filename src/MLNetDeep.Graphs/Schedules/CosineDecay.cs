namespace MLNetDeep.Schedules;

/// <summary>
/// A rate that falls along half a cosine wave, after an optional warm-up in a straight line and with optional restarts
/// (Loshchilov and Hutter 2017).
/// </summary>
/// <param name="LearningRate">The highest rate, at the end of the warm-up; at least 0.</param>
public sealed record CosineDecay(float LearningRate) : LearningRateSchedule
{
    /// <summary>When the lowest rate is reached, in epochs from the start, warm-up included; more than that. Default null: at the end of the training.</summary>
    public double? Epochs { get; init; }

    /// <summary>The lowest rate, as a share of the highest; 0 to 1. Default 0.</summary>
    public double Alpha { get; init; }

    /// <summary>Epochs in which the rate first climbs in a straight line. Default 0.</summary>
    public double WarmupEpochs { get; init; }

    /// <summary>Where the climb begins; at least 0. Default 0.</summary>
    public float WarmupStart { get; init; }

    /// <summary>Epochs from the end of the warm-up to the first restart; <see cref="Epochs"/> has no say then. Default null: no restarts.</summary>
    public double? FirstRestart { get; init; }

    /// <summary>Each period is this many times as long as the one before; at least 1. Default 2, as Keras (PyTorch: 1).</summary>
    public double TMul { get; init; } = 2;

    /// <summary>Each period's highest rate is this share of the one before; 0 to 1. Default 1.</summary>
    public double MMul { get; init; } = 1;

    /// <inheritdoc/>
    protected override double Rate(long step, long stepsPerEpoch, int epochs, ScheduleState? state)
    {
        double warmup = WarmupEpochs * stepsPerEpoch;
        if (step < warmup)
            return WarmupStart + (LearningRate - (double)WarmupStart) * step / warmup;
        double done = step - warmup, height = 1, progress;
        if (FirstRestart is { } first)
        {
            // Which period it is: their lengths are a geometric series.
            double length = first * stepsPerEpoch, period, begin;
            if (TMul == 1)
            {
                period = Math.Floor(done / length);
                begin = period * length;
            }
            else
            {
                // The logarithm can fall a hair short of a whole number.
                period = Math.Floor(Math.Log(1 + done / length * (TMul - 1), TMul) + 1e-9);
                begin = length * (Math.Pow(TMul, period) - 1) / (TMul - 1);
            }

            progress = (done - begin) / (length * Math.Pow(TMul, period));
            height = Math.Pow(MMul, period);
        }
        else
        {
            double length = (Epochs ?? epochs) * stepsPerEpoch - warmup;
            progress = length > 0 ? done / length : 1;
        }

        return LearningRate * (Alpha + (1 - Alpha) * height * Cosine(progress));
    }

    /// <inheritdoc/>
    protected override void Check()
    {
        SettingCheck.InRange(this, nameof(LearningRate), LearningRate, 0);
        SettingCheck.InRange(this, nameof(Alpha), Alpha, 0, 1);
        SettingCheck.InRange(this, nameof(WarmupEpochs), WarmupEpochs, 0);
        SettingCheck.InRange(this, nameof(WarmupStart), WarmupStart, 0);
        SettingCheck.InRange(this, nameof(TMul), TMul, 1);
        SettingCheck.InRange(this, nameof(MMul), MMul, 0, 1);
        if (FirstRestart is { } first)
            SettingCheck.InRange(this, nameof(FirstRestart), first, 1e-9);
        else if (Epochs is { } epochs && !(epochs > WarmupEpochs))
            throw new ArgumentException($"CosineDecay: Epochs is {epochs}, expected more than the {WarmupEpochs} of the warm-up.");
    }
}
