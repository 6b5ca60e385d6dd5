using MLNetDeep.Schedules;

namespace MLNetDeep.Graphs.Tests;

public class ScheduleTests
{
    [Fact]
    public void A_number_is_a_schedule()
    {
        LearningRateSchedule schedule = 0.25f;
        Assert.Equal(0.25f, schedule.At(1000, 10, 5));
        Assert.False(schedule.WatchesMetric);
    }

    [Fact]
    public void Lengths_are_in_epochs()
    {
        StepDecay schedule = new(1, 2, 0.5);
        Assert.Equal([1, 1, 0.5f, 0.25f], ((long[])[0, 19, 20, 40]).Select(s => schedule.At(s, 10, 5)));
    }

    [Fact]
    public void Cosine_ends_with_the_training_unless_told_otherwise()
    {
        Assert.Equal(0, new CosineDecay(1).At(50, 10, 5), 6);
        Assert.Equal(0.5, new CosineDecay(1).At(25, 10, 5), 6);
        Assert.Equal(0.5, new CosineDecay(1) { Epochs = 10 }.At(50, 10, 5), 6);
        Assert.Equal(0.1, new CosineDecay(1) { Alpha = 0.1 }.At(1000, 10, 5), 6);
    }

    [Fact]
    public void Restarts_are_as_in_Keras()
    {
        // CosineDecayRestarts(1, first_decay_steps=10, t_mul=2, m_mul=0.5, alpha=0.1) at these steps.
        CosineDecay schedule = new(1) { FirstRestart = 10, MMul = 0.5, Alpha = 0.1 };
        foreach ((long step, double rate) in ((long, double)[])[(0, 1), (5, 0.55), (10, 0.55), (20, 0.325), (30, 0.325), (50, 0.2125)])
            Assert.Equal(rate, schedule.At(step, 1, 1), 5);
    }

    [Fact]
    public void Each_restart_is_at_its_step_however_late()
    {
        foreach (double multiplier in (double[])[1, 1.5, 2, 3])
        {
            CosineDecay schedule = new(1) { FirstRestart = 4, TMul = multiplier };
            double start = 0, length = 4;
            for (int i = 0; i < 12; i++)
            {
                if (start == Math.Floor(start))
                    Assert.Equal(1, schedule.At((long)start, 1, 1), 4);
                start += length;
                length *= multiplier;
            }
        }
    }

    [Fact]
    public void Plateau_drops_when_patience_ends_and_can_be_resumed()
    {
        ReduceOnPlateau schedule = new(1) { Factor = 0.5, Patience = 2, MinDelta = 0.1f };
        float[] metrics = [5, 4, 3.95f, 3.95f, 3.95f, float.NaN, 1];
        List<float> rates = [];
        ScheduleState? state = null;
        foreach (float metric in metrics)
        {
            // Through a checkpoint and back.
            state = System.Text.Json.JsonSerializer.Deserialize<ScheduleState>(System.Text.Json.JsonSerializer.Serialize(schedule.After(state, metric)));
            rates.Add(schedule.At(0, 1, 1, state));
        }

        Assert.Equal([1, 1, 1, 0.5f, 0.5f, 0.25f, 0.25f], rates);
    }

    [Fact]
    public void Settings_out_of_range_are_named()
    {
        foreach ((LearningRateSchedule schedule, string setting) in ((LearningRateSchedule, string)[])
            [
                (-1f, "LearningRate"), (new StepDecay(1, 0), "EveryEpochs"), (new ExponentialDecay(1, -1), "Factor"), (new CosineDecay(1) { Alpha = 2 }, "Alpha"),
                (new CosineDecay(1) { Epochs = 1, WarmupEpochs = 2 }, "Epochs"), (new CosineDecay(1) { TMul = 0.5 }, "TMul"), (new OneCycle(1) { WarmupFraction = 2 }, "WarmupFraction"),
                (new ReduceOnPlateau(1) { Patience = 0 }, "Patience"),
            ])
        {
            Assert.Contains(setting, Assert.Throws<ArgumentException>(() => schedule.At(0, 1, 1)).Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantRate(1).At(-1, 1, 1));
    }
}
