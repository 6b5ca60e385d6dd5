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
        k = 0;
        while (k < to.Rank && Dim(k) == to[k])
            k++;
        ones = k;
        while (ones < to.Rank && Dim(ones) == 1)
            ones++;
        return ones == to.Rank ? (Access.Column, Product(to, k, to.Rank)) : (Access.Other, default);
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
