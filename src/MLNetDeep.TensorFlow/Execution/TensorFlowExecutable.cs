using System.Runtime.InteropServices;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;

namespace MLNetDeep.TensorFlow.Execution;

/// <summary>A compiled part with buffers of its own. Feeds are copied into TensorFlow's tensors when it runs; those have just the batch's size.</summary>
internal sealed class TensorFlowExecutable : IExecutable
{
    private readonly TensorFlowSession _session;
    private readonly CompiledPart _part;
    private readonly IRuntimeCall _call;
    private readonly Dictionary<Tensor, int> _places = [];

    // The bits of 32-bit numbers, whichever kind they are.
    private readonly int[][] _feeds;
    private readonly int[]?[] _truths;
    private int _batch;
    private bool _disposed;

    public TensorFlowExecutable(TensorFlowSession session, CompiledPart part)
    {
        _session = session;
        _part = part;
        _call = session.Prepare(part);
        _feeds = [.. part.Feeds.Select(f => new int[f.Shape.Size(1)])];
        _truths = new int[part.FetchNames.Count][];
        for (int i = 0; i < part.Feeds.Count; i++)
            _places.Add(part.Feeds[i], i);
    }

    public IReadOnlyList<Tensor> Feeds => _part.Feeds;

    public IReadOnlyList<Tensor> Fetches => _part.Fetches;

    public Span<T> Feed<T>(Tensor placeholder, int batch)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(placeholder);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        if (!_places.TryGetValue(placeholder, out int place))
            throw new ArgumentException($"'{placeholder.Node.Name}' is not among what this executable is fed with: {string.Join(", ", Feeds.Select(f => f.Node.Name))}.", nameof(placeholder));
        CheckType<T>(placeholder);
        return MemoryMarshal.Cast<int, T>(Room(place, batch));
    }

    public void Run(int batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        _session.ThrowIfDisposed();
        foreach (IdRange range in _part.Ranges)
            range.Check(Room(_places[range.Feed], batch));
        Span<long> dims = stackalloc long[16];
        for (int i = 0; i < _feeds.Length; i++)
        {
            Tensor feed = _part.Feeds[i];
            Shape shape = feed.Shape;
            for (int d = 0; d < shape.Rank; d++)
                dims[d] = shape.Dim(d, batch);
            Span<byte> to = _call.Feed(i, dims[..shape.Rank], _part.Kept.Contains(feed));
            Span<int> from = Room(i, batch);
            if (feed.DType == DType.Bool)
                Narrow(MemoryMarshal.Cast<int, float>(from), to);
            else
                MemoryMarshal.AsBytes(from).CopyTo(to);
        }

        if (_part.HasBatchFeed)
            MemoryMarshal.Write(_call.Feed(_feeds.Length, [], keeps: false), batch);
        _call.Run();
        _batch = batch;
    }

    public ReadOnlySpan<T> Fetch<T>(Tensor tensor)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(tensor);
        bool fed = _places.TryGetValue(tensor, out int place) && Fetches.Contains(tensor);
        if (!fed && !_part.FetchPlaces.TryGetValue(tensor, out place))
            throw new ArgumentException($"'{tensor.Name}' is not among what this executable computes: {string.Join(", ", Fetches.Select(f => f.Name))}.", nameof(tensor));
        if (_batch == 0)
            throw new InvalidOperationException("Nothing to fetch: run the executable first.");
        CheckType<T>(tensor);
        if (fed)
            return MemoryMarshal.Cast<int, T>(Room(place, _batch));
        ReadOnlySpan<byte> bytes = _call.Fetch(place);
        long size = tensor.Shape.Size(_batch), width = tensor.DType == DType.Bool ? 1 : sizeof(int);
        if (bytes.Length != size * width)
            throw new TensorFlowException($"'{tensor.Name}' of shape {tensor.Shape} has {bytes.Length} bytes for a batch of {_batch}, expected {size * width}.");
        return tensor.DType == DType.Bool ? MemoryMarshal.Cast<float, T>(Widen(bytes, ref _truths[place])) : MemoryMarshal.Cast<byte, T>(bytes);
    }

    public IExecutable Fork() => new TensorFlowExecutable(_session, _part);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _call.Dispose();
    }

    private static void CheckType<T>(Tensor tensor)
    {
        Type expected = tensor.DType == DType.Int32 ? typeof(int) : typeof(float);
        if (typeof(T) != expected)
            throw new ArgumentException($"'{tensor.Name}' is {tensor.DType}: expected {expected.Name}, received {typeof(T).Name}.");
    }

    private Span<int> Room(int place, int batch)
    {
        int size = checked((int)_part.Feeds[place].Shape.Size(batch));
        if (_feeds[place].Length < size)
            Array.Resize(ref _feeds[place], size);
        return _feeds[place].AsSpan(0, size);
    }

    private static void Narrow(ReadOnlySpan<float> from, Span<byte> to)
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = from[i] != 0 ? (byte)1 : (byte)0;
    }

    private static Span<float> Widen(ReadOnlySpan<byte> from, ref int[]? room)
    {
        if (room is null || room.Length < from.Length)
            room = new int[from.Length];
        Span<float> to = MemoryMarshal.Cast<int, float>(room.AsSpan(0, from.Length));
        for (int i = 0; i < from.Length; i++)
            to[i] = from[i];
        return to;
    }
}
