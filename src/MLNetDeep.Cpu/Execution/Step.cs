using MLNetDeep.Cpu.Planning;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Execution;

/// <summary>A part of a plan that runs as a whole. It has no state of its own: executables on several threads share it.</summary>
internal abstract class Step
{
    /// <summary>What it does and where it comes from, for profiles.</summary>
    public abstract string Description { get; }

    /// <summary>The values it reads.</summary>
    public abstract IEnumerable<Value> Inputs { get; }

    /// <summary>The values it writes.</summary>
    public abstract IEnumerable<Value> Outputs { get; }

    /// <summary>Whether it writes whole vectors, and so may write up to a vector more than it should.</summary>
    public virtual bool WritesWholeVectors => false;

    /// <summary>Elements of workspace it needs for up to <paramref name="batch"/> rows on up to <paramref name="threads"/> threads.</summary>
    public virtual long WorkspaceSize(int batch, int threads) => 0;

    /// <summary>Floating-point operations for a batch, where that is what it spends its time on; else 0.</summary>
    public virtual long Flops(int batch) => 0;

    /// <summary>Chooses by measuring among the ways to compute it, where there are several. Called before the first run, if at all.</summary>
    public virtual void Tune(WorkerPool pool)
    {
    }

    public abstract void Run(Frame frame);
}
