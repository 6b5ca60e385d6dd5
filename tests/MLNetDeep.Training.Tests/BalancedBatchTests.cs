using MLNetDeep.Graphs;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Tests;

public class BalancedBatchTests
{
    private static RowBuffer Buffer(DType type, params int[] labels)
    {
        RowBuffer rows = new([new("x", DType.Float32, 1), new("y", type, 1)], labels.Length);
        for (int i = 0; i < labels.Length; i++)
        {
            if (type == DType.Int32)
                rows.Rows<int>(1, i)[0] = labels[i];
            else
                rows.Rows<float>(1, i)[0] = labels[i];
        }

        return rows;
    }

    [Fact]
    public void Classes_come_in_turn_and_rows_of_a_class_are_used_up_before_they_come_again()
    {
        int[] labels = [.. Enumerable.Repeat(0, 80), .. Enumerable.Repeat(2, 15), .. Enumerable.Repeat(5, 5)];
        BalancedOrder order = new(Buffer(DType.Int32, labels), 1, 100);
        int[] first = [.. order.Rows(new(1))], same = [.. order.Rows(new(1))], other = [.. order.Rows(new(2))];
        Assert.Equal(100, first.Length);
        Assert.Equal(first, same);
        Assert.NotEqual(first, other);
        for (int i = 0; i + 3 <= 99; i += 3)
            Assert.Equal([0, 2, 5], first[i..(i + 3)].Select(r => labels[r]).Order());
        int[] rare = [.. first.Where(r => labels[r] == 5)];
        Assert.InRange(rare.Length, 33, 34);
        for (int i = 0; i + 5 <= rare.Length; i += 5)
            Assert.Equal([95, 96, 97, 98, 99], rare[i..(i + 5)].Order());
        Assert.Equal(first.Count(r => labels[r] == 0), first.Where(r => labels[r] == 0).Distinct().Count());
        Assert.True(other.Where(r => labels[r] == 0).Except(first).Any());
    }

    [Fact]
    public void Numbers_of_zero_and_one_are_classes_and_others_are_not()
    {
        Assert.Equal(6, new BalancedOrder(Buffer(DType.Float32, 0, 0, 0, 0, 0, 1), 1, 6).Rows(new(1)).Count());
        Assert.Contains("expected 0 or 1", Assert.Throws<ArgumentException>(() => new BalancedOrder(Buffer(DType.Float32, 0, 3), 1, 2)).Message, StringComparison.Ordinal);
    }
}
