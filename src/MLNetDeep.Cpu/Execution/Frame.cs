using MLNetDeep.Cpu.Memory;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Execution;

/// <summary>What a step finds when it runs: where values are, and the batch.</summary>
internal sealed unsafe class Frame : IDisposable
{
    private readonly NativeBuffer _pointers;

    /// <param name="pool">Threads to use.</param>
    /// <param name="values">Number of values of the plan.</param>
    /// <param name="depth">How deep steps are within steps: whether there are <see cref="Parts"/>, and parts of those.</param>
    public Frame(WorkerPool pool, int values, int depth)
    {
        Pool = pool;
        _pointers = new((long)values * (sizeof(nint) / sizeof(float)));

        // The first part may also run its steps one after the other on all threads.
        Parts = depth == 0 ? [] : [.. Enumerable.Range(0, pool.Threads).Select(i => new Frame(i == 0 ? pool : WorkerPool.Serial, values, depth - 1))];
    }

    /// <summary>Threads to use now.</summary>
    public WorkerPool Pool { get; set; }

    /// <summary>Rows of this run.</summary>
    public int Batch { get; set; }

    /// <summary>Whether the rows may be part of more: bits of a row must not depend on how many there are.</summary>
    public bool IsRowwise { get; set; }

    /// <summary>Pointers by <see cref="Planning.Value.Id"/>.</summary>
    public float** Pointers => (float**)_pointers.Pointer;

    /// <summary>Room that a step may use until it returns.</summary>
    public float* Workspace { get; set; }

    /// <summary>A frame for each thread, for steps that run others for some rows at a time.</summary>
    public Frame[] Parts { get; }

    public void Dispose()
    {
        _pointers.Dispose();
        foreach (Frame part in Parts)
            part.Dispose();
    }
}
