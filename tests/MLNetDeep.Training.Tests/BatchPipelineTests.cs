using System.Diagnostics;
using MLNetDeep.Losses;
using MLNetDeep.Training.Augmentation;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Tests.Augmentation;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests;

public sealed class BatchPipelineTests
{
    public static TheoryData<int> Threads => [0, 1, 2, 4];

    [Theory]
    [MemberData(nameof(Threads))]
    public void All_rows_come_once_in_the_stream_s_order(int threads)
    {
        foreach (int count in new[] { 1, 9, 10, 11, 101 })
        {
            foreach (int held in new[] { 7, 1000 })
            {
                List<float> expected = [], seen = [];
                new RowStream(TestRows.Numbered(count), held, 5).Read(2, (rows, row) =>
                {
                    expected.Add(rows.Rows<float>(0, row)[0]);
                    return true;
                });
                TestRows source = TestRows.Numbered(count);
                List<int> sizes = [];
                new BatchPipeline(new(source, held, 5), source.Columns, 10, null, threads).Read(2, batch =>
                {
                    sizes.Add(batch.Count);
                    seen.AddRange(batch.Rows.Rows<float>(0, 0, batch.Count));
                    return true;
                });
                Assert.Equal(expected, seen);
                Assert.All(sizes.SkipLast(1), s => Assert.Equal(10, s));
                Assert.Equal(0, source.OpenReaders);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void A_caller_that_stops_is_not_called_again_and_readers_are_closed(int threads)
    {
        TestRows source = TestRows.Numbered(1000);
        BatchPipeline pipeline = new(new(source, 50, null), source.Columns, 10, null, threads);
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            int batches = 0;
            pipeline.Read(epoch, _ => ++batches < 3);
            Assert.Equal(3, batches);
            Assert.Equal(0, source.OpenReaders);
        }
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void What_a_reader_throws_comes_out_as_it_was_after_the_batches_before_it(int threads)
    {
        TestRows source = TestRows.Numbered(1000);
        source.Reading = row =>
        {
            if (row == 345)
                Broken();
        };
        BatchPipeline pipeline = new(new(source, 50, null), source.Columns, 10, null, threads);
        int batches = 0;
        var e = Assert.Throws<InvalidTimeZoneException>(() => pipeline.Read(1, batch =>
        {
            batches++;
            return true;
        }));
        Assert.Contains(nameof(Broken), e.StackTrace, StringComparison.Ordinal);
        Assert.Equal(29, batches);
        Assert.Equal(0, source.OpenReaders);

        // And it can be used again.
        source.Reading = null;
        batches = 0;
        pipeline.Read(2, batch => ++batches > 0);
        Assert.Equal(100, batches);
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void What_augmentation_throws_comes_out_at_its_batch(int threads)
    {
        Images.PictureRows rows = Images.Rows(100, new(6, 5, 2), 3);
        rows.Pixels[57][3] = 200;
        BatchAugmenter augmenter = AugmentedTrainingTests.Augmenter(new(new RandomBrightness()), rows, new SparseCategoricalCrossentropy(), 1);
        int batches = 0;
        var e = Assert.Throws<InvalidOperationException>(() => new BatchPipeline(new(rows, 1000, null), rows.Columns, 10, augmenter, threads).Read(1, _ => ++batches > 0));
        Assert.Contains("200", e.Message, StringComparison.Ordinal);
        Assert.Contains("CheckRange", e.StackTrace, StringComparison.Ordinal);
        Assert.Equal(5, batches);
        Assert.Equal(0, rows.OpenReaders);
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void What_the_caller_throws_ends_the_threads(int threads)
    {
        TestRows source = TestRows.Numbered(1000);
        BatchPipeline pipeline = new(new(source, 50, null), source.Columns, 10, null, threads);
        var e = Assert.Throws<InvalidTimeZoneException>(() => pipeline.Read(1, _ =>
        {
            Broken();
            return true;
        }));
        Assert.Contains(nameof(Broken), e.StackTrace, StringComparison.Ordinal);
        Assert.Equal(0, source.OpenReaders);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Cancellation_ends_the_wait_for_a_slow_reader(int threads)
    {
        using CancellationTokenSource cancellation = new();
        TestRows source = TestRows.Numbered(100_000);
        source.Reading = row =>
        {
            if (row > 200)
                Thread.Sleep(20);
        };
        BatchPipeline pipeline = new(new(source, 50, null), source.Columns, 100, null, threads);
        cancellation.CancelAfter(300);
        Stopwatch watch = Stopwatch.StartNew();
        var e = Assert.ThrowsAny<OperationCanceledException>(() => pipeline.Read(1, _ => true, cancellation.Token));
        Assert.Equal(cancellation.Token, e.CancellationToken);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
        Assert.Equal(0, source.OpenReaders);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Reading_stays_a_few_batches_ahead_and_no_more(int threads)
    {
        int read = 0;
        TestRows source = TestRows.Numbered(1000);
        source.Reading = row => Volatile.Write(ref read, row + 1);
        RowStream stream = new(source, 1, null);
        long taken = 0;
        new BatchPipeline(stream, source.Columns, 10, null, threads).Read(1, batch =>
        {
            if (taken % 100 == 0)
                Thread.Sleep(20);
            Assert.True(Volatile.Read(ref read) <= taken + (threads + 2) * 10 + 1);
            taken += batch.Count;
            return true;
        });
        Assert.Equal(1000, taken);
    }

    [Fact]
    public void Many_short_epochs_leave_no_threads_behind()
    {
        TestRows source = TestRows.Numbered(30);
        BatchPipeline pipeline = new(new(source, 10, 1), source.Columns, 4, null, 4);
        pipeline.Read(1, _ => true);
        int threads = Process.GetCurrentProcess().Threads.Count;
        for (int epoch = 0; epoch < 300; epoch++)
            pipeline.Read(epoch, _ => epoch % 3 != 0);
        Assert.True(Process.GetCurrentProcess().Threads.Count < threads + 40);
    }

    private static void Broken() => throw new InvalidTimeZoneException("broken");
}
