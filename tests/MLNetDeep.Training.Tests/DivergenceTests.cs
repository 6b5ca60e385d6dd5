using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests;

public class DivergenceTests
{
    // Five rows in batches of two: three steps an epoch.
    private static readonly TestRows Rows = TestRows.Line(5);

    private static TrainerOptions Options => Train.Options with { Epochs = 6, BatchSize = 2, Optimizer = new Sgd { LearningRate = 0.01f } };

    [Fact]
    public void Loss_that_turns_NaN_in_the_first_epoch_is_an_error_that_says_what_to_do()
    {
        TestRows rows = new([[1f], [1f], [1f]], [1f, 1f, float.NaN]);
        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() => Train.Run(Train.Linear(), Options with { Shuffle = false }, rows));

        Assert.Contains("in epoch 1, step 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("learning rate (it is 0.01)", error.Message, StringComparison.Ordinal);
        Assert.Contains("ClipNorm", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loss_that_turns_NaN_later_ends_training_with_the_last_good_weights()
    {
        List<string> warnings = [];
        TrainedNetwork model = Train.Run(Train.Linear(3), Options with { LearningRateSchedule = new Explodes(FromStep: 6), Warn = warnings.Add }, Rows);

        // The update of the first step of epoch 3 breaks the weights; the second step's loss shows it.
        Assert.Equal(2, model.History.Epochs.Count);
        Assert.Equal(2, model.History.BestEpoch);
        Assert.Contains("in epoch 3, step 2", model.History.StopReason, StringComparison.Ordinal);
        Assert.Contains("weights of epoch 2", model.History.StopReason, StringComparison.Ordinal);
        Assert.Equal(model.History.StopReason, Assert.Single(warnings));
        Train.SameBits(Train.Run(Train.Linear(3), Options with { Epochs = 2 }, Rows), model);
    }

    [Fact]
    public void Weights_broken_by_the_last_step_of_an_epoch_are_not_kept()
    {
        TrainedNetwork model = Train.Run(Train.Linear(3), Options with { LearningRateSchedule = new Explodes(FromStep: 8) }, Rows);

        Assert.Equal(2, model.History.Epochs.Count);
        Assert.Contains("in epoch 3, step 3", model.History.StopReason, StringComparison.Ordinal);
        Train.SameBits(Train.Run(Train.Linear(3), Options with { Epochs = 2 }, Rows), model);
    }

    [Fact]
    public void Weights_broken_by_the_very_last_step_are_not_the_model()
    {
        TrainedNetwork model = Train.Run(Train.Linear(3), Options with { Epochs = 2, LearningRateSchedule = new Explodes(FromStep: 5) }, Rows);

        Assert.All(model.Weights.Values.SelectMany(v => v), v => Assert.True(float.IsFinite(v)));
        Train.SameBits(Train.Run(Train.Linear(3), Options with { Epochs = 1 }, Rows), model);
    }

    [Fact]
    public void With_early_stopping_the_best_weights_come_back_and_the_message_says_so()
    {
        TestRows up = new([[0f]], [10f]), validation = new([[0f]], [1f]);
        TrainerOptions options = Options with { BatchSize = 1, Epochs = 10, EarlyStopping = new(patience: 9), LearningRateSchedule = new Explodes(FromStep: 5, Before: 0.1f) };
        TrainedNetwork model = Train.Run(Train.Linear(), options, up, validation);

        Assert.Equal(1, model.History.BestEpoch);
        Assert.Contains("weights of epoch 1", model.History.StopReason, StringComparison.Ordinal);
        Train.SameBits(Train.Run(Train.Linear(), options with { Epochs = 1, EarlyStopping = null }, up, validation), model);
    }

    /// <summary>A rate that becomes far too large at a step.</summary>
    private sealed record Explodes(long FromStep, float Before = 0.01f) : LearningRateSchedule
    {
        protected override double Rate(long step, long stepsPerEpoch, int epochs, ScheduleState? state) => step >= FromStep ? float.MaxValue : Before;

        protected override void Check()
        {
        }
    }
}
