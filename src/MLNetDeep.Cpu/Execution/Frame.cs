using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Execution;

/// <summary>What a step finds when it runs: where values are, and the batch.</summary>
internal sealed unsafe class Frame(WorkerPool pool)
{
    public WorkerPool Pool { get; } = pool;

    /// <summary>Rows of this run.</summary>
    public int Batch { get; set; }

    /// <summary>Pointers by <see cref="Planning.Value.Id"/>.</summary>
    public float** Pointers { get; set; }

    /// <summary>Room that a step may use until it returns.</summary>
    public float* Workspace { get; set; }
}
