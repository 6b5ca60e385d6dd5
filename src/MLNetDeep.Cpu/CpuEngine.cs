using MLNetDeep.Cpu.Threading;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu;

/// <summary>
/// The embedded engine: runs graphs on the processor with vector instructions and all its cores, with no native library.
/// With the same seed results are the same to the bit at any number of threads on machines of the same vector width, unless
/// <see cref="MeasureConvolutions"/> is on. What an executable of it does, step by step, is in its <see cref="object.ToString"/>.
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

    /// <summary>
    /// Whether the way in which each convolution is computed (direct, Winograd's F(2x2, 3x3) or F(4x4, 3x3), a matrix product) is found by trying all
    /// when a graph is compiled, once for each shape in a process, in place of a rule made from such measurements. It costs some milliseconds a shape and may be
    /// faster on other processors; but ways differ in the last bits of their results, and the choice may differ from one process to the next. Default false.
    /// </summary>
    public bool MeasureConvolutions { get; init; }

    /// <summary>Whether threads take some rows through several steps of a plan; see <see cref="Execution.RowFusedStep"/>. Default true; false is for comparison.</summary>
    internal bool FuseRows { get; init; } = true;

    /// <inheritdoc/>
    public ISession CreateSession(Graph graph, int seed)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new CpuSession(graph, seed, _pool, MeasureConvolutions, FuseRows);
    }

    /// <summary>Ends the threads of an engine that was made with a number of its own. Its executables still run, on the threads that call them.</summary>
    public void Dispose()
    {
        if (_ownsPool)
            _pool.Dispose();
    }
}
