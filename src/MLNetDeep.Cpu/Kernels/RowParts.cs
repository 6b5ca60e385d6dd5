namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// How the rows of a matrix are cut for sums over rows: by the sizes alone, so that the sums have the same bits on any
/// number of threads.
/// </summary>
internal readonly struct RowParts
{
    /// <summary>For work that can also be shared out by columns.</summary>
    public const int Large = 1 << 15;

    /// <summary>For work that can be shared out by these parts only.</summary>
    public const int Small = 1 << 12;

    private const int Most = 64;

    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="size">Values in a part, about.</param>
    public RowParts(int rows, int columns, int size)
    {
        Length = Math.Max(Math.Max(8, size / Math.Max(columns, 1)), (rows + Most - 1) / Most);
        Count = Math.Max(1, (rows + Length - 1) / Length);
    }

    /// <summary>Rows of every part but the last, which may have fewer.</summary>
    public int Length { get; }

    public int Count { get; }

    /// <summary>Floats that partial results of <paramref name="columns"/> columns need; grows with the rows.</summary>
    public static long WorkspaceSize(int rows, int columns, int size)
        => (Math.Min(Most, (rows / Math.Max(8, size / Math.Max(columns, 1))) + 1L) * columns + 15) / 16 * 16;
}
