using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Training.Metrics;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests;

public class EarlyStoppingTests
{
    // One weight that each epoch moves up past the validation optimum: training rows want 10, validation rows 4.
    private static readonly TestRows Training = new([[0f]], [10f]), Validation = new([[0f]], [4f]);

    private static TrainerOptions Options => Train.Options with { Epochs = 20, BatchSize = 1, Optimizer = new Sgd { LearningRate = 0.1f } };

    [Fact]
    public void Training_ends_after_the_patience_and_the_best_weights_come_back()
    {
        List<string> log = [];
        TrainedNetwork all = Train.Run(Train.Linear(), Options, Training, Validation);
        double[] losses = [.. all.History["val_loss"]];
        int best = Array.IndexOf(losses, losses.Min()) + 1;
        Assert.InRange(best, 2, 15);

        TrainedNetwork model = Train.Run(Train.Linear(), Options with { EarlyStopping = new(patience: 3), Log = log.Add }, Training, Validation);
        Assert.Equal(best, model.History.BestEpoch);
        Assert.Equal(best + 3, model.History.Epochs.Count);
        Assert.Contains($"Stopped after epoch {best + 3}: val_loss has not improved", model.History.StopReason, StringComparison.Ordinal);
        Assert.Equal(model.History.StopReason, log[^1]);

        Train.SameBits(Train.Run(Train.Linear(), Options with { Epochs = best }, Training, Validation), model);
    }

    [Fact]
    public void Without_restoring_the_last_weights_stay()
    {
        TrainedNetwork model = Train.Run(Train.Linear(), Options with { EarlyStopping = new(patience: 3, restoreBestWeights: false) }, Training, Validation);

        int last = model.History.Epochs.Count;
        Assert.Equal(last, model.History.BestEpoch);
        Train.SameBits(Train.Run(Train.Linear(), Options with { Epochs = last }, Training, Validation), model);
    }

    [Fact]
    public void Best_weights_come_back_even_where_all_epochs_are_used()
    {
        TrainedNetwork model = Train.Run(Train.Linear(), Options with { EarlyStopping = new(patience: 100) }, Training, Validation);

        double[] losses = [.. model.History["val_loss"]];
        Assert.Equal(20, losses.Length);
        Assert.Null(model.History.StopReason);
        Assert.Equal(Array.IndexOf(losses, losses.Min()) + 1, model.History.BestEpoch);
    }

    [Fact]
    public void What_is_less_than_the_delta_is_no_improvement()
    {
        // The loss falls from 100 to 64 and on: with a delta of 90 no epoch is better than the first.
        TrainedNetwork model = Train.Run(Train.Linear(), Options with { EarlyStopping = new(patience: 2, minDelta: 90) }, Training);

        Assert.Equal(3, model.History.Epochs.Count);
        Assert.Equal(1, model.History.BestEpoch);
    }

    [Fact]
    public void A_figure_of_which_more_is_better_is_taken_so()
    {
        // Accuracy goes up as the loss goes down; taken the wrong way round, training would end early.
        TrainedNetwork model = Train.Run(
            Network.Input(2).Dense(16).Relu().ClassOutput(3),
            Train.Options with
            {
                Loss = new Losses.SparseCategoricalCrossentropy(),
                Metrics = [new CategoricalAccuracy()],
                Epochs = 25,
                EarlyStopping = new(patience: 10, monitor: "accuracy"),
                Optimizer = new Adam { LearningRate = 0.01f },
            },
            TestRows.Classes(300));

        double[] accuracies = [.. model.History["accuracy"]];
        Assert.Equal(Array.IndexOf(accuracies, accuracies.Max()) + 1, model.History.BestEpoch);
        Assert.True(model.History.BestEpoch > 3);
    }

    [Fact]
    public void A_figure_that_there_is_not_is_an_error_before_training()
    {
        TestRows rows = TestRows.Numbered(5);
        Recorder recorder = new();
        ArgumentException error = Assert.Throws<ArgumentException>(() => Train.Run(Train.Linear(), Options with { EarlyStopping = new(monitor: "val_loss"), Callbacks = [recorder] }, rows));

        Assert.Contains("'val_loss'", error.Message, StringComparison.Ordinal);
        Assert.Contains("no validation rows", error.Message, StringComparison.Ordinal);
        Assert.Empty(recorder.Calls);
        Assert.Equal(0, rows.Reads);
    }

    [Fact]
    public void A_figure_that_is_always_NaN_is_no_improvement()
    {
        TestRows validation = new([[0f], [1f]], [float.NaN, 0f]);
        TrainedNetwork model = Train.Run(Train.Linear(), Options with { EarlyStopping = new(patience: 2) }, Training, validation);

        Assert.Equal(2, model.History.Epochs.Count);
        Assert.Contains("NaN", model.History.StopReason, StringComparison.Ordinal);
        Assert.Equal(2, model.History.BestEpoch);
    }

    [Fact]
    public void Settings_out_of_range_are_errors()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping(patience: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping(minDelta: -1));
    }

    [Fact]
    public void Reduce_on_plateau_watches_the_validation_loss()
    {
        // The training loss falls in each epoch, the validation loss rises from some epoch on.
        TrainerOptions options = Options with { Epochs = 12, LearningRateSchedule = new ReduceOnPlateau(0.1f) { Factor = 0.5, Patience = 1 } };
        float[] rates = [.. Train.Run(Train.Linear(), options, Training, Validation).History.Epochs.Select(e => e.LearningRate)];
        Assert.Equal(0.1f, rates[0]);
        Assert.True(rates[^1] < 0.1f);

        rates = [.. Train.Run(Train.Linear(), options, Training).History.Epochs.Select(e => e.LearningRate)];
        Assert.All(rates, r => Assert.Equal(0.1f, r));
    }

    [Fact]
    public void Schedules_are_asked_for_each_step()
    {
        List<float> rates = [];
        Network network = Train.Linear();
        TrainerOptions options = Options with { Epochs = 2, LearningRateSchedule = new ExponentialDecay(1f, 0.01) };
        TrainedNetwork model = Train.Run(network, options, new TestRows([[0f], [0f]], [0f, 0f]));

        // Two steps an epoch: at the last step of epochs 1 and 2, a half and one and a half epochs have gone by.
        Assert.Equal(0.1f, model.History.Epochs[0].LearningRate, 5);
        Assert.Equal(0.001f, model.History.Epochs[1].LearningRate, 6);
    }
}
