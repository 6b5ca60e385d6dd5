using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Memory;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Cpu.Threading;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Initializers;

namespace MLNetDeep.Cpu;

/// <summary>A graph's variables on the CPU engine.</summary>
internal sealed unsafe class CpuSession(Graph graph, int seed, WorkerPool pool, bool measure = false, bool fuseRows = true) : ISession
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, NativeBuffer> _variables = new(StringComparer.Ordinal);
    private bool _disposed;
    private long _version;

    public Graph Graph { get; } = graph;

    internal WorkerPool Pool { get; } = pool;

    /// <summary>Another number after each change of a variable.</summary>
    internal long Version => Volatile.Read(ref _version);

    public void ReadVariable(string name, Span<float> destination)
    {
        Variable variable = Find(name, destination.Length);
        new ReadOnlySpan<float>(Pointer(variable), variable.Shape.UnitSize).CopyTo(destination);
    }

    public void WriteVariable(string name, ReadOnlySpan<float> values)
    {
        Variable variable = Find(name, values.Length);
        values.CopyTo(new Span<float>(Pointer(variable), variable.Shape.UnitSize));
        NoteChange();
    }

    public IExecutable Compile(IReadOnlyList<Tensor> fetches, IReadOnlyList<Node>? targets = null)
    {
        ArgumentNullException.ThrowIfNull(fetches);
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (Node node in fetches.Select(f => f.Node).Concat(targets ?? []))
        {
            if (node.Graph != Graph)
                throw new ArgumentException($"'{node.Name}' belongs to another graph.", nameof(fetches));
        }

        Plan plan = new(fetches, targets ?? [], measure, fuseRows);
        if (measure)
        {
            foreach (Step step in plan.Steps)
                step.Tune(Pool);
        }

        return new CpuExecutable(this, plan);
    }

    // Memory is freed by the buffers' finalizers where an executable still uses it.
    public void Dispose() => _disposed = true;

    internal long NoteChange() => Interlocked.Increment(ref _version);

    internal float* Pointer(Variable variable)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        lock (_lock)
        {
            if (!_variables.TryGetValue(variable.Name, out NativeBuffer? buffer))
            {
                buffer = new(variable.Shape.UnitSize);
                variable.Initializer.Fill(new Span<float>(buffer.Pointer, variable.Shape.UnitSize), variable.Shape, Initializer.SeedFor(seed, variable.Name));
                _variables.Add(variable.Name, buffer);
            }

            return buffer.Pointer;
        }
    }

    private Variable Find(string name, int length)
    {
        Variable variable = Graph.GetVariable(name);
        return length == variable.Shape.UnitSize
            ? variable
            : throw new ArgumentException($"Variable '{name}' of shape {variable.Shape} has {variable.Shape.UnitSize} elements, received room for {length}.");
    }
}
