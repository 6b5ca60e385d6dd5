using MLNetDeep.Cpu.Threading;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu;

/// <summary>
/// The embedded engine: runs graphs on the processor with vector instructions and all its cores, with no native library.
/// With the same seed results are the same to the bit at any number of threads on machines of the same vector width.
/// </summary>
public sealed class CpuEngine : IEngine, IDisposable
{
    private readonly WorkerPool _pool;
    private readonly bool _ownsPool;

    /// <summary>An engine on as many threads as there are processors.</summary>
    public CpuEngine() => _pool = WorkerPool.Shared;

    /// <summary>An engine on <paramref name="threads"/> threads, the calling one included.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is less than 1.</exception>
    public CpuEngine(int threads)
    {
        _pool = new WorkerPool(threads);
        _ownsPool = true;
    }

    /// <summary>An engine that shares the processors with all others of its kind.</summary>
    public static CpuEngine Shared { get; } = new();

    /// <inheritdoc/>
    public string Name => "CPU";

    /// <summary>Number of threads it works on.</summary>
    public int Threads => _pool.Threads;

    /// <inheritdoc/>
    public ISession CreateSession(Graph graph, int seed)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new CpuSession(graph, seed, _pool);
    }

    /// <summary>Ends the threads of an engine that was made with a number of its own. Its executables still run, on the threads that call them.</summary>
    public void Dispose()
    {
        if (_ownsPool)
            _pool.Dispose();
    }
}
