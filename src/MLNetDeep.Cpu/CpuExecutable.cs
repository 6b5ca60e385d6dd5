using System.Diagnostics;
using System.Runtime.InteropServices;
using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Memory;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu;

/// <summary>A plan with buffers.</summary>
internal sealed unsafe class CpuExecutable : IExecutable
{
    private readonly CpuSession _session;
    private readonly Plan _plan;
    private readonly Step[] _steps;
    private readonly bool[] _none;
    private readonly Frame _frame;
    private readonly Dictionary<Tensor, Value> _feeds;
    private readonly Dictionary<Tensor, Value> _fetches = [];
    private readonly Dictionary<Value, NativeBuffer> _feedBuffers = [];
    private NativeBuffer? _arena;
    private int _capacity;

    // The session's version that the fixed steps' results are of.
    private long _fixedVersion = -1;
    private bool _disposed;

    public CpuExecutable(CpuSession session, Plan plan)
    {
        _session = session;
        _plan = plan;
        _steps = [.. plan.Steps];
        _none = new bool[_steps.Length];
        _frame = new(session.Pool, plan.Values.Count, plan.Steps.Max(s => (s as RowFusedStep)?.Depth) ?? 0);
        _feeds = plan.Feeds.ToDictionary(f => f.Source!.Outputs[0]);
        foreach ((Tensor tensor, Value value) in plan.Fetches)
            _fetches[tensor] = value;
        Feeds = [.. _feeds.Keys];
        Fetches = [.. plan.Fetches.Select(f => f.Tensor)];
        foreach (Value value in plan.Values)
        {
            if (value.Storage == Storage.Variable)
                _frame.Pointers[value.Id] = session.Pointer(session.Graph.GetVariable((value.WrittenTo ?? value).Source!.Name));
            else if (value.Storage == Storage.Constant)
                _frame.Pointers[value.Id] = plan.ConstantPointer(value);
            else if (value.Storage == Storage.Feed)
                GrowFeed(value, 1);
        }
    }

    public IReadOnlyList<Tensor> Feeds { get; }

    public IReadOnlyList<Tensor> Fetches { get; }

    /// <summary>Elements of memory for temporaries and workspace.</summary>
    public long ArenaSize => _arena?.Length ?? 0;

    /// <summary>While not null, the time that each step takes is added to it, in ticks of <see cref="Stopwatch"/>.</summary>
    public long[]? StepTicks { get; set; }

    public IReadOnlyList<Step> Steps => _plan.Steps;

    /// <summary>For each step whether it runs again only after a variable changed.</summary>
    public IReadOnlyList<bool> FixedSteps => _plan.FixedSteps;

    public Span<T> Feed<T>(Tensor placeholder, int batch)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(placeholder);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        if (!_feeds.TryGetValue(placeholder, out Value? value))
            throw new ArgumentException($"'{placeholder.Node.Name}' is not among what this executable is fed with: {string.Join(", ", Feeds.Select(f => f.Node.Name))}.", nameof(placeholder));
        CheckType<T>(placeholder);
        if (batch > _capacity)
            GrowFeed(value, batch);
        return new(_frame.Pointers[value.Id], checked((int)value.Size(batch)));
    }

    public void Run(int batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        if (batch > _capacity)
            Grow(batch);
        _frame.Batch = batch;

        // What weights alone make is made again only after they changed.
        long version = _session.Version;
        ReadOnlySpan<bool> done = _fixedVersion == version ? _plan.FixedSteps : _none;
        if (StepTicks is null)
        {
            for (int i = 0; i < _steps.Length; i++)
            {
                if (!done[i])
                    _steps[i].Run(_frame);
            }
        }
        else
        {
            long before = Stopwatch.GetTimestamp();
            for (int i = 0; i < _steps.Length; i++)
            {
                if (!done[i])
                    _steps[i].Run(_frame);
                long now = Stopwatch.GetTimestamp();
                StepTicks[i] += now - before;
                before = now;
            }
        }

        _fixedVersion = version;

        // Fixed steps read no variable that this plan changes.
        if (_plan.ChangesVariables)
            _fixedVersion = _session.NoteChange() == version + 1 ? version + 1 : -1;
        GC.KeepAlive(this);
    }

    public ReadOnlySpan<T> Fetch<T>(Tensor tensor)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(tensor);
        if (!_fetches.TryGetValue(tensor, out Value? value))
            throw new ArgumentException($"'{tensor.Name}' is not among what this executable computes: {string.Join(", ", Fetches.Select(f => f.Name))}.", nameof(tensor));
        if (_frame.Batch == 0)
            throw new InvalidOperationException("Nothing to fetch: run the executable first.");
        CheckType<T>(tensor);
        return new(_frame.Pointers[value.Id], checked((int)value.Size(_frame.Batch)));
    }

    /// <summary>The steps in their order, a line each: what is fused into what, and how convolutions are computed.</summary>
    public override string ToString() => string.Join('\n', _steps.Select(s => s.Description));

    public IExecutable Fork() => new CpuExecutable(_session, _plan);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _arena?.Dispose();
        _frame.Dispose();
        foreach (NativeBuffer buffer in _feedBuffers.Values)
            buffer.Dispose();
    }

    private static void CheckType<T>(Tensor tensor)
    {
        Type expected = tensor.DType == DType.Int32 ? typeof(int) : typeof(float);
        if (typeof(T) != expected)
            throw new ArgumentException($"'{tensor.Name}' is {tensor.DType}: expected {expected.Name}, received {typeof(T).Name}.");
    }

    private void Grow(int batch)
    {
        foreach (Value feed in _plan.Feeds)
            GrowFeed(feed, batch);
        (long[] offsets, long size) = _plan.Layout(batch);
        long workspace = _plan.WorkspaceSize(batch, _session.Pool.Threads);
        NativeBuffer arena = new(size + workspace);
        for (int i = 0; i < offsets.Length; i++)
        {
            if (offsets[i] >= 0)
                _frame.Pointers[i] = arena.Pointer + offsets[i];
        }

        _frame.Workspace = arena.Pointer + size;
        _arena?.Dispose();
        _arena = arena;
        _capacity = batch;
        _fixedVersion = -1;
    }

    private void GrowFeed(Value feed, int batch)
    {
        long size = feed.Size(batch);
        NativeBuffer? old = _feedBuffers.GetValueOrDefault(feed);
        if (old is not null && old.Length >= size)
            return;
        NativeBuffer buffer = new(size);
        if (old is not null)
        {
            NativeMemory.Copy(old.Pointer, buffer.Pointer, (nuint)(old.Length * sizeof(float)));
            old.Dispose();
        }

        _feedBuffers[feed] = buffer;
        _frame.Pointers[feed.Id] = buffer.Pointer;
    }
}
