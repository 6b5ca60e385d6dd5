using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Parallel loops over the rows of a matrix.</summary>
internal static class RowLoops
{
    /// <summary>Runs over rows, as many at a time as are worth a thread.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="cost">About what a row costs, in values copied.</param>
    /// <param name="body">What to do.</param>
    public static void ForRows<TBody>(this WorkerPool pool, int rows, long cost, ref TBody body)
        where TBody : struct, IVecRangeBody
    {
        const long Grain = 1 << 13;
        if (rows <= 0)
            return;
        cost = Math.Max(cost, 1);
        int grain = cost * rows <= 2 * Grain ? rows : (int)Math.Clamp(Grain / cost, 1, rows);
        pool.ForVec(rows, grain, ref body);
    }
}
