using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Planning;

/// <summary>
/// The loop nest that an elementwise operation needs for its broadcast inputs: rows of <see cref="UnitSize"/> elements.
/// The default value is a flat loop.
/// </summary>
/// <param name="UnitSize">Elements of a row for a batch of one; 0 for a flat loop.</param>
/// <param name="IsBatched">Whether the row's length depends on the batch.</param>
internal readonly record struct Inner(int UnitSize, bool IsBatched)
{
    public bool IsFlat => UnitSize == 0;

    public long Size(int batch) => IsBatched ? (long)UnitSize * batch : UnitSize;

    /// <summary>How an input of shape <paramref name="from"/> is read in a loop over <paramref name="to"/>, and the rows it needs.</summary>
    public static (Access Access, Inner Inner) Of(Shape from, Shape to)
    {
        if (from.Dims.SequenceEqual(to.Dims))
            return (Access.Flat, default);
        if (from.UnitSize == 1 && !from.IsBatched)
            return (Access.Scalar, default);

        int extra = to.Rank - from.Rank;
        int Dim(int i) => i < extra ? 1 : from[i - extra];

        // The last axes alone: the same numbers in each row.
        int k = to.Rank;
        while (k > 0 && Dim(k - 1) == to[k - 1])
            k--;
        int ones = k;
        while (ones > 0 && Dim(ones - 1) == 1)
            ones--;
        if (ones == 0)
            return (Access.Row, Product(to, k, to.Rank));

        // The first axes alone: one number for each row.
        int first = 0;
        while (first < to.Rank && Dim(first) == to[first])
            first++;
        int last = first;
        while (last < to.Rank && Dim(last) == 1)
            last++;
        if (last == to.Rank)
            return (Access.Column, Product(to, first, to.Rank));

        // The first and the last axes, but none between: the same numbers in each row of a block.
        return first >= ones && BlockRows(from, to) > 0 ? (Access.Block, Product(to, k, to.Rank)) : (Access.Other, default);
    }

    /// <summary>Rows of a block where an input of shape <paramref name="from"/> is read by blocks; 0 where their number is not fixed.</summary>
    public static int BlockRows(Shape from, Shape to)
    {
        int k = to.Rank, extra = to.Rank - from.Rank;
        while (k > extra && from[k - 1 - extra] == to[k - 1])
            k--;
        int rows = 1;
        for (; k > 0 && (k <= extra || from[k - 1 - extra] == 1); k--)
            rows *= Math.Max(0, to[k - 1]);
        return rows;
    }

    private static Inner Product(Shape shape, int begin, int end)
    {
        int size = 1;
        bool batched = false;
        for (int i = begin; i < end; i++)
        {
            size *= Math.Abs(shape[i]);
            batched |= shape[i] < 0;
        }

        return new(size, batched);
    }
}
