using MLNetDeep.Schedules;

namespace MLNetDeep.Graphs.Tests.Golden;

/// <summary>Learning rates step by step, as PyTorch's schedulers give them (and, for the warm-up, as the formula does).</summary>
public class GoldenScheduleTests
{
    private static readonly IReadOnlyDictionary<string, GoldenFile.Case> Cases = GoldenFile.Read("schedules");

    public static TheoryData<string> All => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void Schedule_is_as_in_PyTorch(string name)
    {
        // An epoch of one step: the files count steps.
        GoldenFile.Case golden = Cases[name];
        float rate = golden.Number("base"), minimum = golden.Number("minimum"), steps = golden.Number("steps");
        LearningRateSchedule schedule = golden.Text("schedule") switch
        {
            "step" => new StepDecay(rate, golden.Number("step_size"), golden.Number("gamma")),
            "exponential" => new ExponentialDecay(rate, golden.Attributes["gamma"].GetDouble()),
            "cosine" => new CosineDecay(rate) { Epochs = steps, Alpha = minimum / rate },
            "cosine_restarts" => new CosineDecay(rate) { FirstRestart = golden.Number("first_period"), TMul = golden.Number("multiplier"), Alpha = minimum / rate },
            "warmup_cosine" => new CosineDecay(rate) { Epochs = steps, WarmupEpochs = golden.Number("warmup"), WarmupStart = golden.Number("start"), Alpha = minimum / rate },
            "one_cycle" => new OneCycle(golden.Number("maximum"))
            {
                Epochs = steps,
                WarmupFraction = golden.Attributes["warmup_fraction"].GetDouble(),
                DivFactor = golden.Number("div_factor"),
                FinalDivFactor = golden.Number("final_div_factor"),
            },

            // PyTorch waits and cools down for one epoch more.
            "plateau" => new ReduceOnPlateau(rate)
            {
                Factor = golden.Number("factor"),
                Patience = (int)golden.Number("patience") + 1,
                Cooldown = golden.Number("cooldown") is > 0 and var cooldown ? (int)cooldown + 1 : 0,
                MinDelta = 0,
                MinLearningRate = minimum,
                Maximize = golden.Text("mode") == "max",
            },
            var other => throw new InvalidOperationException($"There is no schedule for {other}."),
        };
        float[] expected = golden.Outputs["learning_rate"].Data;
        ScheduleState? state = null;
        for (int k = 0; k < expected.Length; k++)
        {
            if (k > 0 && schedule.WatchesMetric)
                state = schedule.After(state, golden.Inputs["metrics"].Data[k - 1]);
            float actual = schedule.At(k, 1, 100, state);
            Assert.True(Math.Abs(actual - expected[k]) <= 1e-6 * expected[k] + 1e-10, $"{name} at step {k} is {actual}, expected {expected[k]}.");
        }
    }
}
