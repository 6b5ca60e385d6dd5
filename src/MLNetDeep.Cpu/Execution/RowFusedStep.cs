using MLNetDeep.Cpu.Memory;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Cpu.Simd;
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
    private const int RowsMost = 64, VectorsAtOnce = 16;

    /// <summary>Rows of a tile; parts are of such, for the products' sake.</summary>
    private const int TileRows = 4;

    /// <summary>Floats between the steps, about, that stay in the second-level cache: of vectors beside weights that each part reads again.</summary>
    private const int VectorRoomMost = 1 << 16, RoomMost = 1 << 17;

    private readonly Step[] _steps;
    private readonly int _rows;

    /// <summary>Rows that are worth a thread.</summary>
    private readonly int _least;

    /// <summary>Rows that a thread takes at a time, at most; and what their number is a multiple of.</summary>
    private readonly int _most, _grain;

    /// <summary>Values that others make or read, and the floats of a row; 0 for what all rows share.</summary>
    private readonly (int Id, int Size)[] _outside;

    /// <summary>Values between the steps, and the floats for a row that lie before them.</summary>
    private readonly (int Id, long Offset)[] _inside;

    private readonly long _room;

    /// <summary>Floats that a thread needs.</summary>
    private long _partSize;

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
        (Dictionary<Value, long> offsets, _room) = placement.Layout(v => NativeBuffer.Round(RowSize(v)));
        _inside = [.. offsets.Select(o => (o.Key.Id, o.Value))];
        int unit = vectors ? VectorsAtOnce : 1;
        _most = (int)Math.Clamp((vectors ? VectorRoomMost : RoomMost) / Math.Max(_room, 1) / unit * unit, unit, RowsMost);

        // Where whole vectors are written, they must not reach into rows that another thread writes.
        _grain = vectors ? TileRows : 1;
        foreach (Value output in _steps.Where(s => s.WritesWholeVectors).SelectMany(s => s.Outputs).Intersect(Outputs))
        {
            while ((long)_grain * RowSize(output) % NativeBuffer.Granule != 0)
                _grain *= 2;
        }

        _most = (_most + _grain - 1) / _grain * _grain;
        SetPartSize();

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
        int total = checked(_rows * batch), few = Math.Min(total, Few(threads));
        return Math.Max(total == 1 ? 0 : threads * _partSize, (_room * few) + _steps.Max(s => s.WorkspaceSize(few, threads)));
    }

    public override long Flops(int batch) => _steps.Sum(s => s.Flops(_rows * batch));

    public override void Tune(WorkerPool pool)
    {
        foreach (Step step in _steps)
            step.Tune(pool);
        SetPartSize();
    }

    public override void Run(Frame frame)
    {
        // Few rows are better shared out within each step, but where they come out even.
        int total = checked(_rows * frame.Batch), threads = frame.Pool.Threads;
        if (total == 1 || total < Few(threads) && (_least > 1 || total % threads != 0))
        {
            Run(frame, frame.Parts[0], frame.Pool, 0, total, frame.Workspace, total);
            return;
        }

        // As many parts for each thread, and two at least: one that is held up leaves some of its own to others.
        int rounds = (int)((total + (2L * threads * _most) - 1) / (2L * threads * _most));
        int part = Part(total, 2 * threads * rounds);
        Body body = new(this, frame, CpuFeatures.Width);
        frame.Pool.For(total, Math.Clamp(part, Math.Max(_least, _grain), _most), ref body);
    }

    private void SetPartSize() => _partSize = NativeBuffer.Round((_room * _most) + _steps.Max(s => s.WorkspaceSize(_most, 1)));

    // Rows from which on threads take some each.
    private int Few(int threads) => threads == 1 ? 1 : Math.Max(_least, 2) * Math.Min(threads, ThreadsEnough);

    // The rows of a part where there are to be so many, about.
    private int Part(int rows, int parts) => (((rows + parts - 1) / parts) + _grain - 1) / _grain * _grain;

    private void Run(Frame frame, Frame part, WorkerPool pool, int begin, int end, float* room, int capacity)
    {
        part.Pool = pool;
        part.Batch = end - begin;
        part.IsRowwise = frame.IsRowwise || _rows * frame.Batch > 1;
        part.Workspace = room + (_room * capacity);
        foreach ((int id, int size) in _outside)
            part.Pointers[id] = frame.Pointers[id] + ((long)size * begin);
        foreach ((int id, long offset) in _inside)
            part.Pointers[id] = room + (offset * capacity);
        foreach (Step step in _steps)
            step.Run(part);
    }

    private readonly struct Body(RowFusedStep step, Frame frame, VectorWidth width) : IRangeBody
    {
        public void Run(int begin, int end, int worker)
        {
            // The kernels that follow read it on this thread.
            using CpuFeatures.ForcedWidth same = CpuFeatures.Force(width);
            int most = step.Part(end - begin, (end - begin + step._most - 1) / step._most);
            for (; begin < end; begin += most)
                step.Run(frame, frame.Parts[worker], WorkerPool.Serial, begin, Math.Min(begin + most, end), frame.Workspace + (worker * step._partSize), step._most);
        }
    }
}
