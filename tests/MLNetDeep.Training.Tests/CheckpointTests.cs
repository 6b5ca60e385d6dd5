using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Training.Checkpoints;
using MLNetDeep.Training.Metrics;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-checkpoint-").FullName;

    private string CheckpointFolder => Path.Combine(_folder, "run");

    private string File => Path.Combine(CheckpointFolder, "checkpoint.mlnd");

    // All that has state: Adam's slots, dropout, running statistics, a schedule that watches, best weights, a shuffled stream.
    private static TrainerOptions Options => Train.Options with
    {
        Epochs = 9,
        Optimizer = new Adam { LearningRate = 0.02f, AmsGrad = true },
        LearningRateSchedule = new ReduceOnPlateau(0.02f) { Patience = 2, Factor = 0.7, MinDelta = 0.5f },
        EarlyStopping = new(patience: 5),
        Metrics = [new MeanAbsoluteErrorMetric()],
        ValidationFraction = 0.2,
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(4, 1, false)]
    [InlineData(5, 2, false)] // the last checkpoint is of epoch 4
    [InlineData(4, 1, true)] // streamed
    [InlineData(8, 3, true)]
    public void A_run_that_was_stopped_and_goes_on_ends_with_the_same_bits(int stoppedAfter, int every, bool streamed)
    {
        TrainerOptions options = Options with { ShuffleBufferSize = streamed ? 20 : null };
        TrainedNetwork whole = Train.Run(Train.Small, options, TestRows.Line(120));

        Stop(options with { Checkpoint = new(CheckpointFolder) { EveryEpochs = every } }, stoppedAfter);
        List<string> log = [];
        Recorder recorder = new();
        TrainedNetwork resumed = Train.Run(Train.Small, options with { Checkpoint = new(CheckpointFolder) { EveryEpochs = every }, Log = log.Add, Callbacks = [recorder] }, TestRows.Line(120));

        int from = stoppedAfter / every * every;
        Assert.Contains($"Going on after epoch {from}", log[0], StringComparison.Ordinal);
        Assert.Equal($"epoch {from + 1} begins", recorder.Calls[1]);
        Train.SameBits(whole, resumed);
        Assert.Equal(whole.History["val_loss"], resumed.History["val_loss"]);
        Assert.Equal(whole.History["mae"], resumed.History["mae"]);
        Assert.Equal(whole.History.Epochs.Select(e => e.LearningRate), resumed.History.Epochs.Select(e => e.LearningRate));
        Assert.Equal(whole.History.BestEpoch, resumed.History.BestEpoch);
        Assert.Equal(whole.History.StopReason, resumed.History.StopReason);
        Assert.NotEqual(whole.History.Epochs[0].LearningRate, whole.History.Epochs[^1].LearningRate); // or the schedule's state would not matter
    }

    [Fact]
    public void Best_weights_found_before_the_stop_come_back_after_it()
    {
        // The validation optimum is passed in the first epochs; the run is stopped later.
        TestRows up = new([[0f]], [10f]), validation = new([[0f]], [2f]);
        TrainerOptions options = Train.Options with { BatchSize = 1, Epochs = 12, Optimizer = new Sgd { LearningRate = 0.1f }, EarlyStopping = new(patience: 8), Checkpoint = new(CheckpointFolder) };
        TrainedNetwork whole = Train.Run(Train.Linear(), options with { Checkpoint = null }, up, validation);
        Assert.InRange(whole.History.BestEpoch, 1, 3);

        using CancellationTokenSource source = new();
        Recorder stop = new() { AtEpoch = (_, e) => { if (e.Epoch == 6) source.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => Train.Run(Train.Linear(), options with { Callbacks = [stop], CancellationToken = source.Token }, up, validation));

        TrainedNetwork resumed = Train.Run(Train.Linear(), options, up, validation);
        Train.SameBits(whole, resumed);
        Assert.Equal(whole.History.BestEpoch, resumed.History.BestEpoch);
        Assert.Equal(whole.History.Epochs.Count, resumed.History.Epochs.Count);
    }

    [Fact]
    public void A_run_that_had_ended_is_not_run_again()
    {
        TrainerOptions options = Options with { Checkpoint = new(CheckpointFolder) };
        TrainedNetwork first = Train.Run(Train.Small, options, TestRows.Line(120));
        Recorder recorder = new();
        TrainedNetwork second = Train.Run(Train.Small, options with { Callbacks = [recorder] }, TestRows.Line(120));

        Assert.Equal(["train begins", "train ends"], recorder.Calls);
        Train.SameBits(first, second);
        Assert.Equal(first.History.StopReason, second.History.StopReason);
        Assert.Equal(first.History.BestEpoch, second.History.BestEpoch);
    }

    [Fact]
    public void More_epochs_go_on_from_the_last()
    {
        TrainerOptions options = Options with { EarlyStopping = null, LearningRateSchedule = null };
        TrainedNetwork whole = Train.Run(Train.Small, options with { Epochs = 6 }, TestRows.Line(120));
        Train.Run(Train.Small, options with { Epochs = 3, Checkpoint = new(CheckpointFolder) }, TestRows.Line(120));

        Train.SameBits(whole, Train.Run(Train.Small, options with { Epochs = 6, Checkpoint = new(CheckpointFolder) }, TestRows.Line(120)));
    }

    [Fact]
    public void Without_resume_training_begins_anew()
    {
        TrainerOptions options = Options with { Checkpoint = new(CheckpointFolder) { Resume = false } };
        Stop(options, 3);
        Recorder recorder = new();
        Train.Run(Train.Small, options with { Callbacks = [recorder] }, TestRows.Line(120));
        Assert.Equal("epoch 1 begins", recorder.Calls[1]);
    }

    [Theory]
    [InlineData("weights")]
    [InlineData("activation")]
    [InlineData("dropout")]
    [InlineData("optimizer")]
    [InlineData("seed")]
    [InlineData("batch")]
    public void A_checkpoint_of_another_training_is_refused(string difference)
    {
        TrainerOptions options = Options with { Checkpoint = new(CheckpointFolder) };
        Stop(options, 2);
        Network network = difference switch
        {
            "weights" => Network.Input(3).Dense(9).BatchNormalization().Relu().Dropout(0.2).Dense(1),
            "activation" => Network.Input(3).Dense(8).BatchNormalization().Tanh().Dropout(0.2).Dense(1),
            "dropout" => Network.Input(3).Dense(8).BatchNormalization().Relu().Dropout(0.3).Dense(1),
            _ => Train.Small,
        };
        options = difference switch
        {
            "optimizer" => options with { Optimizer = new Adam { LearningRate = 0.02f, AmsGrad = true, Beta1 = 0.8f } },
            "seed" => options with { Seed = 8 },
            "batch" => options with { BatchSize = 15 },
            _ => options,
        };

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Train.Run(network, options, TestRows.Line(120)));
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
        Assert.Contains("another network or other settings", error.Message, StringComparison.Ordinal);
        Assert.Contains("Resume", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_checkpoint_is_an_error_that_names_the_file()
    {
        TrainerOptions options = Options with { Checkpoint = new(CheckpointFolder) };
        Stop(options, 2);
        byte[] good = System.IO.File.ReadAllBytes(File);
        Random random = new(1);
        for (int i = 0; i < 60; i++)
        {
            byte[] bad = i < 20 ? good[..random.Next(good.Length)] : [.. good];
            if (i >= 20)
                bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            System.IO.File.WriteAllBytes(File, bad);
            InvalidDataException error = Assert.Throws<InvalidDataException>(() => Train.Run(Train.Small, options, TestRows.Line(120)));
            Assert.Contains(File, error.Message, StringComparison.Ordinal);
            Assert.Contains("Delete it", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_error_before_training()
    {
        // A path below a file: not even root can make it.
        string file = Path.Combine(_folder, "file");
        System.IO.File.WriteAllText(file, "");
        string folder = Path.Combine(file, "below");
        TestRows rows = TestRows.Line(20);
        Recorder recorder = new();

        IOException error = Assert.Throws<IOException>(() => Train.Run(Train.Small, Options with { Checkpoint = new(folder), Callbacks = [recorder] }, rows));
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
        Assert.Empty(recorder.Calls);
        Assert.Equal(0, rows.Reads);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_later_is_a_warning_and_the_one_before_stays()
    {
        List<string> warnings = [];
        byte[] first = [];
        Recorder recorder = new()
        {
            AtBatch = (_, batch) =>
            {
                if (batch is { Epoch: 2, Batch: 1 })
                {
                    // A folder where the temporary file would go: nobody can write it.
                    first = System.IO.File.ReadAllBytes(File);
                    Directory.CreateDirectory(File + ".tmp");
                }
            },
        };
        TrainedNetwork model = Train.Run(Train.Small, Options with { Epochs = 3, Checkpoint = new(CheckpointFolder), Callbacks = [recorder], Warn = warnings.Add }, TestRows.Line(120));

        Assert.Equal(3, model.History.Epochs.Count);
        Assert.Equal(2, warnings.Count);
        Assert.Contains("checkpoint of epoch 2 could not be written", warnings[0], StringComparison.Ordinal);
        Assert.Equal(first, System.IO.File.ReadAllBytes(File));

        // And what is left can be gone on from.
        Directory.Delete(File + ".tmp");
        List<string> log = [];
        Train.Run(Train.Small, Options with { Epochs = 3, Checkpoint = new(CheckpointFolder), Log = log.Add }, TestRows.Line(120));
        Assert.Contains("Going on after epoch 1", log[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_goes_away_is_a_warning()
    {
        List<string> warnings = [];
        Recorder recorder = new() { AtBatch = (_, batch) => { if (batch is { Epoch: 2, Batch: 1 }) Directory.Delete(CheckpointFolder, recursive: true); } };
        TrainedNetwork model = Train.Run(Train.Small, Options with { Epochs = 2, Checkpoint = new(CheckpointFolder), Callbacks = [recorder], Warn = warnings.Add }, TestRows.Line(120));

        Assert.Equal(2, model.History.Epochs.Count);
        Assert.Single(warnings);
    }

    [Fact]
    public void Nothing_but_the_checkpoint_is_left_in_the_folder()
    {
        // What an interrupted run may have left is overwritten.
        Directory.CreateDirectory(CheckpointFolder);
        System.IO.File.WriteAllText(File + ".tmp", "half a checkpoint");
        Train.Run(Train.Small, Options with { Epochs = 2, Checkpoint = new(CheckpointFolder) }, TestRows.Line(120));
        Assert.Equal([File], Directory.GetFileSystemEntries(CheckpointFolder));
    }

    private static void Stop(TrainerOptions options, int afterEpoch)
    {
        using CancellationTokenSource source = new();
        Recorder stop = new() { AtBatch = (_, batch) => { if (batch.Epoch == afterEpoch + 1 && batch.Batch == 2) source.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => Train.Run(Train.Small, options with { Callbacks = [stop], CancellationToken = source.Token }, TestRows.Line(120)));
    }
}
