using MLNetDeep.Graphs;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Training.Metrics;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests;

public class TrainerTests
{
    [Fact]
    public void Loss_goes_down_and_the_line_is_found()
    {
        TrainedNetwork model = Train.Run(Train.Linear(3), Train.Options with { Epochs = 40, Optimizer = new Adam { LearningRate = 0.05f } }, TestRows.Line(200, noise: 0));

        Assert.True(model.History.Epochs[^1].Loss < model.History.Epochs[0].Loss / 100);
        float[] kernel = model.Weights.Single(w => w.Key.EndsWith("/kernel", StringComparison.Ordinal)).Value;
        Assert.Equal([2f, -1f, 0f], kernel.Select(k => MathF.Round(k, 1)));
    }

    [Fact]
    public void Loss_of_an_epoch_is_the_mean_over_its_rows_not_its_batches()
    {
        // Weights that stay at 0 give the mean of the squared targets; the last of the batches has one row.
        TestRows rows = TestRows.Numbered(5);
        TrainedNetwork model = Train.Run(Train.Linear(), Train.Options with { BatchSize = 2, Epochs = 1, Optimizer = new Sgd { LearningRate = 0 } }, rows);

        Assert.Equal((0 + 1 + 4 + 9 + 16) / 5.0, model.History.Epochs[0].Loss, 6);
    }

    [Fact]
    public void Validation_figures_are_over_all_validation_rows()
    {
        // 131 rows are more than one validation batch.
        TestRows validation = TestRows.Numbered(131);
        TrainedNetwork model = Train.Run(
            Train.Linear(),
            Train.Options with { Epochs = 1, Metrics = [new MeanAbsoluteErrorMetric(), new RootMeanSquaredError()], Optimizer = new Sgd { LearningRate = 0 } },
            TestRows.Numbered(3),
            validation);

        double[] targets = [.. Enumerable.Range(0, 131).Select(i => (double)i)];
        EpochResult epoch = model.History.Epochs[0];
        Assert.Equal(targets.Average(t => t * t), epoch.ValidationLoss!.Value, 3);
        Assert.Equal(targets.Average(), epoch.Metrics["val_mae"], 6);
        Assert.Equal(Math.Sqrt(targets.Average(t => t * t)), epoch.Metrics["val_rmse"], 6);
        Assert.Equal(1.0, epoch.Metrics["mae"], 6);
    }

    [Fact]
    public void Accuracy_counts_right_classes()
    {
        TestRows rows = TestRows.Classes(300);
        TrainedNetwork model = Train.Run(
            Network.Input(2).Dense(16).Relu().ClassOutput(3),
            Train.Options with { Loss = new SparseCategoricalCrossentropy(), Metrics = [new CategoricalAccuracy()], Epochs = 30, Optimizer = new Adam { LearningRate = 0.02f } },
            rows,
            TestRows.Classes(100, seed: 2));

        Assert.InRange(model.History["val_accuracy"][^1], 0.85, 1);
        double right = model.History["val_accuracy"][^1] * 100;
        Assert.Equal(Math.Round(right), right, 6); // a share of 100 rows
        Assert.True(model.History["accuracy"][^1] > model.History["accuracy"][0]);
    }

    [Fact]
    public void Weights_say_how_much_a_row_counts()
    {
        // Two rows that contradict each other: the weighted mean is what makes the loss least.
        TestRows rows = new([[0f], [0f]], [0f, 8f], [3f, 1f]);
        TrainedNetwork model = Train.Run(Train.Linear(), Train.Options with { Epochs = 300, BatchSize = 2, Optimizer = new Sgd { LearningRate = 0.1f } }, rows);

        Assert.Equal(2f, model.Weights.Single(w => w.Key.EndsWith("/bias", StringComparison.Ordinal)).Value[0], 3);
    }

    [Fact]
    public void Rows_of_weight_zero_do_not_matter_even_where_a_batch_has_no_others()
    {
        TestRows with = new([[1f], [2f], [3f]], [1f, 1000f, 2f], [1f, 0f, 1f]);
        TrainedNetwork model = Train.Run(Train.Linear(), Train.Options with { BatchSize = 1, Epochs = 3, Optimizer = new Sgd() }, with);

        Assert.All(model.Weights.Values.SelectMany(v => v), v => Assert.InRange(v, -10, 10));
    }

    [Fact]
    public void Training_and_validation_loss_are_weighted_alike()
    {
        float[][] x = [[1f], [2f]];
        TestRows rows = new(x, [1f, 3f], [10f, 20f]);
        TrainedNetwork model = Train.Run(
            Train.Linear(),
            Train.Options with { BatchSize = 2, Epochs = 1, Metrics = [new MeanAbsoluteErrorMetric()], Optimizer = new Sgd { LearningRate = 0 } },
            rows,
            new TestRows(x, [1f, 3f], [10f, 20f]));

        Assert.Equal((10 * 1 + 20 * 9) / 2.0, model.History.Epochs[0].Loss, 4);
        Assert.Equal(model.History.Epochs[0].Loss, model.History.Epochs[0].ValidationLoss!.Value, 4);
        Assert.Equal((10 * 1 + 20 * 3) / 30.0, model.History["val_mae"][0], 6); // a metric is a weighted mean
    }

    [Fact]
    public void Batch_size_over_the_row_count_trains_on_all_rows_at_once_and_says_so()
    {
        List<string> log = [];
        Recorder recorder = new();
        Train.Run(Train.Linear(), Train.Options with { BatchSize = 1000, Epochs = 2, Callbacks = [recorder], Log = log.Add }, TestRows.Numbered(10));

        Assert.Equal([10, 10], recorder.Batches.Select(b => b.Rows));
        Assert.Contains(log, l => l.Contains("1000", StringComparison.Ordinal) && l.Contains("10 training rows", StringComparison.Ordinal));
    }

    [Fact]
    public void Same_seed_gives_the_same_bits_at_any_number_of_threads()
    {
        TrainerOptions options = Train.Options with { Epochs = 3, BatchSize = 64 };
        Network network = Network.Input(3).Dense(96).BatchNormalization().Relu().Dropout(0.3).Dense(64).Gelu().Dense(1);
        TrainedNetwork one = Train.Run(network, options, TestRows.Line(400)), two = Train.Run(network, options, TestRows.Line(400), threads: 2);

        Train.SameBits(one, two);
        Assert.Equal(one.History["loss"], two.History["loss"]);
        Assert.False(Train.HaveSameBits(one, Train.Run(network, options with { Seed = 8 }, TestRows.Line(400))));
    }

    [Fact]
    public void History_has_every_figure_of_every_epoch()
    {
        TrainedNetwork model = Train.Run(Train.Small, Train.Options with { Metrics = [new MeanAbsoluteErrorMetric()], LearningRateSchedule = new StepDecay(0.1f, EveryEpochs: 2, Factor: 0.5) }, TestRows.Line(50), TestRows.Line(20, seed: 3));

        Assert.Equal([1, 2, 3, 4], model.History.Epochs.Select(e => e.Epoch));
        Assert.Equal(["loss", "mae", "val_loss", "val_mae"], model.History.Epochs[0].Metrics.Keys);
        Assert.Equal([0.1f, 0.1f, 0.05f, 0.05f], model.History.Epochs.Select(e => e.LearningRate));
        Assert.Equal(4, model.History.BestEpoch);
        Assert.Null(model.History.StopReason);
        KeyNotFoundException error = Assert.Throws<KeyNotFoundException>(() => model.History["acuracy"]);
        Assert.Contains("val_mae", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_the_loss_are_figures_and_can_be_watched()
    {
        // Of the layers' sum, whose rows the last batch has fewer of: the mean over rows.
        Network input = Network.Input(3), network = input.Dense(2).LatentSample(input.Dense(2), klWeight: 0.5).Dense(1);
        TrainerOptions options = Train.Options with { Epochs = 3, OutputLossName = "reconstruction_loss", EarlyStopping = new(patience: 5, monitor: "kl_divergence") };
        Assert.Contains("only loss, reconstruction_loss, kl_divergence (", Assert.Throws<ArgumentException>(() => Train.Run(network, options with { EarlyStopping = new(monitor: "kl") }, TestRows.Line(20))).Message, StringComparison.Ordinal);
        Assert.Contains("Two figures are called 'kl_divergence'", Assert.Throws<ArgumentException>(() => Train.Run(network, options with { OutputLossName = "kl_divergence" }, TestRows.Line(20))).Message, StringComparison.Ordinal);
        TrainedNetwork model = Train.Run(network, options, TestRows.Line(20));
        Assert.All(model.History.Epochs, e => Assert.Equal(e.Loss, e.Metrics["reconstruction_loss"] + (0.5 * e.Metrics["kl_divergence"]), 1e-5));
        Assert.All(model.History["kl_divergence"], d => Assert.True(d > 0));
    }

    [Fact]
    public void Log_has_one_line_an_epoch()
    {
        List<string> log = [];
        Train.Run(Train.Linear(), Train.Options with { Log = log.Add }, TestRows.Numbered(20));

        Assert.Equal(4, log.Count(l => l.StartsWith("Epoch ", StringComparison.Ordinal)));
        Assert.Matches(@"^Epoch 1: loss [0-9.E+]+ \([0-9.]+ s\)$", log[0]);
    }

    [Fact]
    public void No_rows_is_an_error()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Train.Run(Train.Linear(), Train.Options, TestRows.Numbered(0)));
        Assert.Contains("no rows to train on", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => Train.Run(Train.Linear(), Train.Options, TestRows.Numbered(5), TestRows.Numbered(0)));
        Assert.Contains("no rows to validate on", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_does_not_fit_is_named()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Train.Run(Train.Linear(2), Train.Options, TestRows.Numbered(5)));
        Assert.Contains("Column 'x' has 1 Float32", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Epochs")]
    [InlineData("BatchSize")]
    [InlineData("ValidationFraction")]
    [InlineData("ShuffleBufferSize")]
    [InlineData("Checkpoint.EveryEpochs")]
    public void An_option_out_of_range_is_named(string option)
    {
        TrainerOptions options = option switch
        {
            "Epochs" => Train.Options with { Epochs = 0 },
            "BatchSize" => Train.Options with { BatchSize = 0 },
            "ValidationFraction" => Train.Options with { ValidationFraction = 1 },
            "ShuffleBufferSize" => Train.Options with { ShuffleBufferSize = 0 },
            _ => Train.Options with { Checkpoint = new("x") { EveryEpochs = 0 } },
        };
        ArgumentException error = Assert.Throws<ArgumentException>(() => Train.Run(Train.Linear(), options, TestRows.Numbered(5)));
        Assert.StartsWith($"{option} is ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Readers_are_closed()
    {
        TestRows rows = TestRows.Line(50), validation = TestRows.Line(30);
        Train.Run(Train.Small, Train.Options with { ShuffleBufferSize = 8 }, rows, validation);
        Assert.Equal((0, 0), (rows.OpenReaders, validation.OpenReaders));
    }

    [Fact]
    public void Columns_that_do_not_match_the_inputs_are_listed()
    {
        Network a = Network.Input("a", 3), b = Network.Input("b", 3);
        Network network = a.Multiply(b).Dense(1);
        ArgumentException error = Assert.Throws<ArgumentException>(() => Train.Run(network, Train.Options, TestRows.Line(5)));
        Assert.Contains("2 input(s)", error.Message, StringComparison.Ordinal);
        Assert.Contains("received 2: x, y", error.Message, StringComparison.Ordinal);
    }
}
