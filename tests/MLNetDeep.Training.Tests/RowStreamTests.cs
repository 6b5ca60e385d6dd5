using MLNetDeep.Training.Data;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests;

public class RowStreamTests
{
    private const int Rows = 100;

    public static TheoryData<int> Capacities => [1, 2, 7, 33, 99, 100, 101, 1000];

    [Theory]
    [MemberData(nameof(Capacities))]
    public void Each_row_comes_exactly_once_an_epoch(int capacity)
    {
        RowStream stream = new(TestRows.Numbered(Rows), capacity, seed: 3);
        for (int epoch = 1; epoch <= 3; epoch++)
            Assert.Equal(Enumerable.Range(0, Rows), Order(stream, epoch).Order());
        Assert.Equal(Rows, stream.Count);
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public void Features_and_targets_stay_together(int capacity)
    {
        RowStream stream = new(TestRows.Numbered(Rows), capacity, seed: 3);
        stream.Read(1, (rows, row) =>
        {
            Assert.Equal(rows.Rows<float>(0, row)[0], rows.Rows<float>(1, row)[0]);
            return true;
        });
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public void Unshuffled_rows_come_in_the_order_of_the_source(int capacity)
    {
        RowStream stream = new(TestRows.Numbered(Rows), capacity, seed: null);
        for (int epoch = 1; epoch <= 2; epoch++)
            Assert.Equal(Enumerable.Range(0, Rows), Order(stream, epoch));
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public void Rows_are_counted_before_and_after_reading(int capacity)
    {
        RowStream counted = new(TestRows.Numbered(Rows), capacity, seed: 1);
        Assert.Equal(Rows, counted.CountRows());
        Assert.Equal(Enumerable.Range(0, Rows), Order(counted, 1).Order());
        Assert.Equal(Rows, counted.CountRows());
    }

    [Theory]
    [InlineData(7)]
    [InlineData(1000)]
    public void Order_differs_by_epoch_and_seed_and_repeats(int capacity)
    {
        RowStream first = new(TestRows.Numbered(Rows), capacity, seed: 3), again = new(TestRows.Numbered(Rows), capacity, seed: 3), other = new(TestRows.Numbered(Rows), capacity, seed: 4);
        int[] order = Order(first, 1);

        Assert.NotEqual(Enumerable.Range(0, Rows), order);
        Assert.NotEqual(order, Order(first, 2));
        Assert.NotEqual(order, Order(other, 1));

        // An epoch's order does not depend on those before it: a resumed run has not seen them.
        Assert.Equal(Order(first, 3), Order(again, 3));
        Assert.Equal(order, Order(again, 1));
    }

    [Fact]
    public void Whole_data_in_memory_is_shuffled_evenly()
    {
        // Where row 0 lands over many epochs: each tenth of the order about as often.
        RowStream stream = new(TestRows.Numbered(10), 100, seed: 1);
        int[] places = new int[10];
        for (int epoch = 1; epoch <= 1000; epoch++)
            places[Array.IndexOf(Order(stream, epoch), 0)]++;
        Assert.All(places, p => Assert.InRange(p, 60, 140));
    }

    [Fact]
    public void Data_that_fits_is_read_once_and_longer_data_once_an_epoch()
    {
        TestRows fits = TestRows.Numbered(Rows), longer = TestRows.Numbered(Rows);
        RowStream whole = new(fits, Rows + 1, seed: 1), streamed = new(longer, 10, seed: 1);
        for (int epoch = 1; epoch <= 5; epoch++)
        {
            Order(whole, epoch);
            Order(streamed, epoch);
        }

        Assert.Equal(1, fits.Reads);
        Assert.InRange(longer.Reads, 5, 6); // one more to find out that it is longer
    }

    [Fact]
    public void A_reader_that_stops_gets_no_more_rows_and_the_next_epoch_is_whole()
    {
        RowStream stream = new(TestRows.Numbered(Rows), 10, seed: 1);
        int taken = 0;
        stream.Read(1, (_, _) => ++taken < 5);
        Assert.Equal(5, taken);
        Assert.Equal(Enumerable.Range(0, Rows), Order(stream, 2).Order());
    }

    [Fact]
    public void No_rows_are_no_rows()
    {
        RowStream stream = new(TestRows.Numbered(0), 10, seed: 1);
        Assert.Equal(0, stream.CountRows());
        Assert.Empty(Order(stream, 1));
    }

    [Fact]
    public void Memory_is_bounded_by_the_capacity()
    {
        RowStream stream = new(TestRows.Numbered(5000), 64, seed: 1);
        stream.Read(1, (rows, _) =>
        {
            Assert.InRange(rows.Capacity, 1, 64);
            return true;
        });
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void The_two_sides_of_a_split_are_disjoint_whole_repeatable_and_of_the_size_asked_for(double fraction)
    {
        TestRows rows = TestRows.Numbered(2000);
        int[] first = All(new SplitSource(rows, fraction, seed: 5, first: true)), second = All(new SplitSource(rows, fraction, seed: 5, first: false));

        Assert.Equal(Enumerable.Range(0, 2000), first.Concat(second).Order());
        Assert.InRange(first.Length / 2000.0, fraction - 0.04, fraction + 0.04);
        Assert.Equal(first, All(new SplitSource(rows, fraction, seed: 5, first: true)));
        Assert.NotEqual(first, All(new SplitSource(rows, fraction, seed: 6, first: true)));
    }

    [Fact]
    public void Validation_rows_are_not_learned_from()
    {
        // The features of rows on the validation side are never seen while training, whatever the epoch.
        TestRows rows = TestRows.Numbered(200);
        int[] held = All(new SplitSource(rows, 0.25, seed: 7, first: true));
        Recorder recorder = new();
        TrainedNetwork model = Train.Run(Train.Linear(), Train.Options with { ValidationFraction = 0.25, Epochs = 2, Callbacks = [recorder], Optimizer = new Optimizers.Sgd { LearningRate = 0 } }, rows);

        Assert.Equal(2 * (200 - held.Length), recorder.Batches.Sum(b => b.Rows));
        Assert.Equal(held.Average(h => (double)h * h), model.History.Epochs[0].ValidationLoss!.Value, 2);
        Assert.Equal(Enumerable.Range(0, 200).Except(held).Average(h => (double)h * h), model.History.Epochs[0].Loss, 2);
    }

    private static int[] Order(RowStream stream, int epoch)
    {
        List<int> order = [];
        stream.Read(epoch, (rows, row) =>
        {
            order.Add((int)rows.Rows<float>(0, row)[0]);
            return true;
        });
        return [.. order];
    }

    private static int[] All(IRowSource source)
    {
        RowBuffer buffer = new(source.Columns, 1);
        using IRowReader reader = source.Read();
        List<int> rows = [];
        while (reader.Read(buffer, 0))
            rows.Add((int)buffer.Rows<float>(0, 0)[0]);
        return [.. rows];
    }
}
