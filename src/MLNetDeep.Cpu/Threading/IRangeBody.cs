namespace MLNetDeep.Cpu.Threading;

/// <summary>The body of a parallel loop, a struct so that the loop is specialised and allocates nothing.</summary>
internal interface IRangeBody
{
    /// <summary>Does the items <c>[begin, end)</c>.</summary>
    /// <param name="begin">First item.</param>
    /// <param name="end">One past the last item.</param>
    /// <param name="worker">
    /// 0 (the calling thread) .. <see cref="WorkerPool.Threads"/> - 1; two ranges of one call that run at the same
    /// time never have the same one. A worker may be given several ranges. Two calls may use the same number at the
    /// same time, so buffers found by it must belong to the call.
    /// </param>
    void Run(int begin, int end, int worker);
}
