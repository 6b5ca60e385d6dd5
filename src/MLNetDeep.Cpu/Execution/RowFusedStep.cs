using MLNetDeep.Cpu.Memory;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Execution;

/// <summary>
/// Several steps that do each row on its own: a thread takes some rows through all of them. Threads so wait for one another once instead of
/// after each step, and what lies between the steps stays in a core's cache.
/// </summary>
/// <remarks>
/// A row is a vector of some length, or all there is of an element of the batch. How rows are shared out depends on the number of threads,
/// their bits do not: see <see cref="Frame.IsRowwise"/>.
/// </remarks>
internal sealed unsafe class RowFusedStep : Step
{
    /// <summary>Fewest vectors that repay reading the weights in a thread of its own.</summary>
    private const int VectorsLeast = 8;

    /// <summary>So many threads at work are better than all of them waiting for one another after each step.</summary>
    private const int ThreadsEnough = 8;

    /// <summary>Rows that a thread takes at a time, at most, and vectors at least: whole tiles of any height.</summary>
    private const int RowsMost = 48, VectorsAtOnce = 16;

    /// <summary>Rows of a tile; parts are of such, for the products' sake.</summary>
    private const int TileRows = 4;

    /// <summary>Floats between the steps, about, that stay in the second-level cache beside weights.</summary>
    private const int RoomMost = 1 << 15;

    private readonly Step[] _steps;
    private readonly int _rows;

    /// <summary>Rows that are worth a thread, and those whose steps share out their own work better.</summary>
    private readonly int _least, _few;

    /// <summary>Rows that a thread takes at a time, at most; and what their number is a multiple of.</summary>
    private readonly int _most, _grain;

    /// <summary>Values that others make or read, and the floats of a row; 0 for what all rows share.</summary>
    private readonly (int Id, int Size)[] _outside;

    /// <summary>Values between the steps, and where they lie for a few rows and for the most rows.</summary>
    private readonly (int Id, long Few, long Most)[] _inside;

    private readonly long _fewRoom, _mostRoom, _partSize;

    /// <param name="steps">The steps, for batches of rows.</param>
    /// <param name="rows">Rows for a batch of one.</param>
    /// <param name="vectors">Whether a row is a vector of each value, so that it takes many to be worth a thread.</param>
    /// <param name="isNeededOutside">Whether a value is read by anything but these steps.</param>
    public RowFusedStep(IReadOnlyList<Step> steps, int rows, bool vectors, Func<Value, bool> isNeededOutside)
    {
        _steps = [.. steps];
        _rows = rows;
        Depth = 1 + _steps.Max(s => (s as RowFusedStep)?.Depth ?? 0);
        Outputs = [.. _steps.SelectMany(s => s.Outputs).Where(isNeededOutside)];
        HashSet<Value> made = [.. _steps.SelectMany(s => s.Outputs)];
        Inputs = [.. _steps.SelectMany(s => s.Inputs).Where(v => !made.Contains(v)).Distinct()];
        _outside = [.. Inputs.Concat(Outputs).Where(v => v.Id >= 0).Select(v => (v.Id, RowSize(v)))];

        Placement placement = new();
        for (int at = 0; at < _steps.Length; at++)
        {
            foreach (Value input in _steps[at].Inputs)
                placement.Read(input, at);
            foreach (Value output in _steps[at].Outputs.Except(Outputs))
                placement.Write(output, at);
        }

        placement.SharePlaces(_steps);
        _least = vectors ? VectorsLeast : 1;
        _few = _least * (vectors ? 1 : 2) * ThreadsEnough;
        long room = Math.Max(placement.Layout(v => RowSize(v)).Size, 1);
        _most = vectors ? (int)Math.Clamp(RoomMost / room / VectorsAtOnce * VectorsAtOnce, VectorsAtOnce, RowsMost) : (int)Math.Clamp(RoomMost / room, 1, RowsMost);

        // Where whole vectors are written, they must not reach into rows that another thread writes.
        _grain = vectors ? TileRows : 1;
        foreach (Value output in _steps.Where(s => s.WritesWholeVectors).SelectMany(s => s.Outputs).Intersect(Outputs))
        {
            while ((long)_grain * RowSize(output) % NativeBuffer.Granule != 0)
                _grain *= 2;
        }

        _most = (_most + _grain - 1) / _grain * _grain;
        (Dictionary<Value, long> few, _fewRoom) = placement.Layout(v => NativeBuffer.Round((long)RowSize(v) * _few));
        (Dictionary<Value, long> most, _mostRoom) = placement.Layout(v => NativeBuffer.Round((long)RowSize(v) * _most));
        _inside = [.. few.Keys.Select(v => (v.Id, few[v], most[v]))];
        _partSize = NativeBuffer.Round(_mostRoom + _steps.Max(s => s.WorkspaceSize(_most, 1)));

        int RowSize(Value value) => value.IsBatched ? value.UnitSize / rows : 0;
    }

    /// <summary>1 where none of the steps is of this kind, one more than theirs otherwise.</summary>
    public int Depth { get; }

    public override IEnumerable<Value> Inputs { get; }

    public override IEnumerable<Value> Outputs { get; }

    public override bool WritesWholeVectors => _steps.Any(s => s.WritesWholeVectors);

    public override string Description => $"Rows ({string.Join("; ", _steps.Select(s => s.Description))})";

    public override long WorkspaceSize(int batch, int threads)
    {
        int few = (int)Math.Min((long)_rows * batch, _few);
        return Math.Max(threads * _partSize, _fewRoom + _steps.Max(s => s.WorkspaceSize(few, threads)));
    }

    public override long Flops(int batch) => _steps.Sum(s => s.Flops(_rows * batch));

    public override void Run(Frame frame)
    {
        int total = checked(_rows * frame.Batch), threads = Math.Min(frame.Pool.Threads, ThreadsEnough);
        if (total == 1 || threads > 1 && total < _few && (total < _least * threads || _least == 1 && total < 2 * threads && total % threads != 0))
        {
            Run(frame, frame.Parts[0], frame.Pool, 0, total, frame.Workspace, few: true);
            return;
        }

        // Twice as many parts as threads: one that is held up leaves some of its own to others.
        int part = Part(total, 2 * frame.Pool.Threads);
        Body body = new(this, frame);
        frame.Pool.For(total, Math.Clamp(part, Math.Max(_least, _grain), _most), ref body);
    }

    // The rows of a part where there are to be so many, about.
    private int Part(int rows, int parts) => (((rows + parts - 1) / parts) + _grain - 1) / _grain * _grain;

    private void Run(Frame frame, Frame part, WorkerPool pool, int begin, int end, float* room, bool few)
    {
        part.Pool = pool;
        part.Batch = end - begin;
        part.IsRowwise = frame.IsRowwise || _rows * frame.Batch > 1;
        part.Workspace = room + (few ? _fewRoom : _mostRoom);
        foreach ((int id, int size) in _outside)
            part.Pointers[id] = frame.Pointers[id] + ((long)size * begin);
        foreach ((int id, long atFew, long atMost) in _inside)
            part.Pointers[id] = room + (few ? atFew : atMost);
        foreach (Step step in _steps)
            step.Run(part);
    }

    private readonly struct Body(RowFusedStep step, Frame frame) : IRangeBody
    {
        public void Run(int begin, int end, int worker)
        {
            int most = step.Part(end - begin, (end - begin + step._most - 1) / step._most);
            for (; begin < end; begin += most)
                step.Run(frame, frame.Parts[worker], WorkerPool.Serial, begin, Math.Min(begin + most, end), frame.Workspace + (worker * step._partSize), few: false);
        }
    }
}
