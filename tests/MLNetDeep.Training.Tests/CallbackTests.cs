using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests;

public class CallbackTests
{
    [Fact]
    public void Callbacks_are_called_in_order()
    {
        Recorder recorder = new();
        Train.Run(Train.Linear(), Train.Options with { Epochs = 2, BatchSize = 2, Callbacks = [recorder] }, TestRows.Numbered(3));

        Assert.Equal(
            [
                "train begins",
                "epoch 1 begins", "batch 1 of epoch 1", "batch 2 of epoch 1", "epoch 1 ends",
                "epoch 2 begins", "batch 1 of epoch 2", "batch 2 of epoch 2", "epoch 2 ends",
                "train ends",
            ],
            recorder.Calls);
        Assert.Equal([2, 1, 2, 1], recorder.Batches.Select(b => b.Rows));
        Assert.All(recorder.Batches, b => Assert.Equal(2, b.Batches));
    }

    [Fact]
    public void A_callback_ends_training_after_the_epoch()
    {
        Recorder recorder = new() { AtBatch = (context, batch) => { if (batch.Epoch == 2) context.Stop("enough"); } };
        TrainedNetwork model = Train.Run(Train.Linear(), Train.Options with { BatchSize = 2, Epochs = 5, Callbacks = [recorder] }, TestRows.Numbered(4));

        Assert.Equal(2, model.History.Epochs.Count);
        Assert.Equal("enough", model.History.StopReason);
        Assert.Equal("batch 2 of epoch 2", recorder.Calls[^3]);
        Assert.Equal("train ends", recorder.Calls[^1]);
    }

    [Fact]
    public void A_callback_sees_history_and_weights()
    {
        List<(int Epochs, float Bias)> seen = [];
        Recorder recorder = new()
        {
            AtEpoch = (context, result) =>
            {
                string bias = context.Weights.Single(w => w.Name.EndsWith("/bias", StringComparison.Ordinal)).Name;
                seen.Add((context.History.Epochs.Count, context.Read(bias)[0]));
                Assert.Same(result, context.History.Epochs[^1]);
                Assert.Equal(3, context.Epochs);
                Assert.Throws<ArgumentException>(() => context.Read("no such weight"));
            },
        };
        TrainedNetwork model = Train.Run(Train.Linear(), Train.Options with { Epochs = 3, Callbacks = [recorder] }, TestRows.Numbered(10));

        Assert.Equal([1, 2, 3], seen.Select(s => s.Epochs));
        Assert.Equal(model.Weights.Single(w => w.Key.EndsWith("/bias", StringComparison.Ordinal)).Value[0], seen[^1].Bias);
        Assert.Equal(3, seen.Select(s => s.Bias).Distinct().Count());
    }

    [Fact]
    public void An_error_in_a_callback_comes_through()
    {
        TestRows rows = TestRows.Numbered(10);
        Recorder recorder = new() { AtBatch = (_, _) => throw new InvalidOperationException("mine") };
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Train.Run(Train.Linear(), Train.Options with { Callbacks = [recorder], ShuffleBufferSize = 3 }, rows));

        Assert.Equal("mine", error.Message);
        Assert.Equal(0, rows.OpenReaders);
    }

    [Fact]
    public void Cancellation_ends_training_at_the_next_step()
    {
        using CancellationTokenSource source = new();
        Recorder recorder = new() { AtBatch = (_, batch) => { if (batch is { Epoch: 2, Batch: 1 }) source.Cancel(); } };

        Assert.Throws<OperationCanceledException>(() => Train.Run(Train.Linear(), Train.Options with { BatchSize = 2, Callbacks = [recorder], CancellationToken = source.Token }, TestRows.Numbered(10)));
        Assert.Equal("batch 1 of epoch 2", recorder.Calls[^1]);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1000)]
    public void Cancellation_is_heeded_while_rows_are_still_being_read(int buffer)
    {
        using CancellationTokenSource source = new();
        TestRows rows = TestRows.Numbered(100);
        int read = 0;
        rows.Reading = row =>
        {
            read = Math.Max(read, row);
            if (row == 50)
                source.Cancel();
        };
        Recorder recorder = new();

        Assert.Throws<OperationCanceledException>(() => Train.Run(Train.Linear(), Train.Options with { ShuffleBufferSize = buffer, Callbacks = [recorder], CancellationToken = source.Token }, rows));
        Assert.Empty(recorder.Calls);
        Assert.Equal(50, read);
    }
}
