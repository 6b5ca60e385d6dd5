using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Memory;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Operations;

/// <summary>
/// Reductions over any axes: runs of neighbouring axes are one axis to the kernel, and separate runs are reduced one
/// after the other, the last first.
/// </summary>
internal abstract unsafe class Reduction : KernelStep
{
    private readonly ReduceKind _kind;

    // Ranges of axes of the input, from the last to the first.
    private readonly (int Begin, int End)[] _runs;

    protected Reduction(PlanNode node, ReduceKind kind)
        : base(node)
    {
        _kind = kind;
        Shape shape = InShape(0);
        HashSet<int> axes = [.. Attributes.Get<int[]>("axes").Select(shape.Axis)];
        List<(int, int)> runs = [];
        for (int i = shape.Rank; i > 0;)
        {
            int end = i--;
            if (!axes.Contains(i))
                continue;
            while (i > 0 && axes.Contains(i - 1))
                i--;
            runs.Add((i, end));
        }

        _runs = [.. runs];
    }

    public override long WorkspaceSize(int batch, int threads)
    {
        long kernel = 0, between = 0;
        for (int i = 0; i < _runs.Length; i++)
        {
            (int outer, int axis, int inner) = Pass(i, batch);
            kernel = Math.Max(kernel, Reduce.WorkspaceSize(outer, axis, inner));
            if (i < _runs.Length - 1)
                between += NativeBuffer.Round((long)outer * inner);
        }

        return kernel + between;
    }

    public override void Run(Frame frame)
    {
        float* from = In(frame, 0), spare = frame.Workspace;
        if (_runs.Length == 0)
        {
            int count = Size(InShape(0), frame.Batch);
            new ReadOnlySpan<float>(from, count).CopyTo(new(Out(frame), count));
            return;
        }

        // Intermediate results go to the front of the workspace, the kernel's own room is behind them.
        float* own = frame.Workspace;
        for (int i = 0; i < _runs.Length - 1; i++)
        {
            (int outer, _, int inner) = Pass(i, frame.Batch);
            own += NativeBuffer.Round((long)outer * inner);
        }

        for (int i = 0; i < _runs.Length; i++)
        {
            (int outer, int axis, int inner) = Pass(i, frame.Batch);
            float* to = i == _runs.Length - 1 ? Out(frame) : spare;
            Reduce.Run(frame.Pool, _kind, from, to, outer, axis, inner, own);
            spare += NativeBuffer.Round((long)outer * inner);
            from = to;
        }
    }

    // The sizes around a run of axes once the runs behind it are gone.
    private (int Outer, int Axis, int Inner) Pass(int run, int batch)
    {
        Shape shape = InShape(0);
        (int begin, int end) = _runs[run];
        int inner = 1, at = end;
        for (int i = run - 1; i >= 0; i--)
        {
            inner *= Size(shape, at, _runs[i].Begin, batch);
            at = _runs[i].End;
        }

        inner *= Size(shape, at, shape.Rank, batch);
        return (Size(shape, 0, begin, batch), Size(shape, begin, end, batch), inner);
    }
}

[Operation("Sum")]
internal sealed class Sum(PlanNode node) : Reduction(node, ReduceKind.Sum);

[Operation("Mean")]
internal sealed class Mean(PlanNode node) : Reduction(node, ReduceKind.Mean);

[Operation("Max")]
internal sealed class Max(PlanNode node) : Reduction(node, ReduceKind.Max);

[Operation("ArgMax")]
internal sealed unsafe class ArgMaxStep(PlanNode node) : KernelStep(node)
{
    public override void Run(Frame frame)
    {
        Shape shape = InShape(0);
        int axis = shape.Axis(Attributes.Get<int>("axis"));
        ArgMax.Run(
            frame.Pool,
            In(frame, 0),
            (int*)Out(frame),
            Size(shape, 0, axis, frame.Batch),
            shape.Dim(axis, frame.Batch),
            Size(shape, axis + 1, shape.Rank, frame.Batch));
    }
}

[Operation("ElementCount")]
internal sealed unsafe class ElementCount(PlanNode node) : KernelStep(node)
{
    private readonly int[] _axes = node.Attributes.Get<int[]>("axes");

    public override void Run(Frame frame)
    {
        long count = 1;
        foreach (int axis in _axes)
            count *= InShape(0).Dim(InShape(0).Axis(axis), frame.Batch);
        *Out(frame) = count;
    }
}
