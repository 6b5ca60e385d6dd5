namespace MLNetDeep.Graphs.Tests.Reference;

/// <summary>The values of a tensor in double precision; integers and truth values too.</summary>
internal sealed record Array64(int[] Dims, double[] Data)
{
    public static Array64 Zeros(int[] dims) => new(dims, new double[dims.Aggregate(1, (a, b) => a * b)]);

    public int Rank => Dims.Length;

    /// <summary>The index of every element in turn.</summary>
    public IEnumerable<int[]> Indices()
    {
        int[] index = new int[Rank];
        for (int i = 0; i < Data.Length; i++)
        {
            yield return index;
            for (int axis = Rank - 1; axis >= 0 && ++index[axis] == Dims[axis]; axis--)
                index[axis] = 0;
        }
    }

    /// <summary>Where an element lies; axes of length 1 stretch and missing leading axes are left out, as NumPy broadcasts.</summary>
    public int Offset(ReadOnlySpan<int> index)
    {
        int offset = 0, extra = index.Length - Rank;
        for (int axis = 0; axis < Rank; axis++)
            offset = offset * Dims[axis] + (Dims[axis] == 1 ? 0 : index[axis + extra]);
        return offset;
    }

    public double this[ReadOnlySpan<int> index]
    {
        get => Data[Offset(index)];
        set => Data[Offset(index)] = value;
    }
}
