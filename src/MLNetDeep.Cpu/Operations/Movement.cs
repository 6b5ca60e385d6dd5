using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Operations;

[Operation("Transpose")]
internal sealed unsafe class TransposeStep(PlanNode node) : KernelStep(node)
{
    private readonly int[] _perm = node.Attributes.Get<int[]>("perm");

    public override void Run(Frame frame)
    {
        Span<int> dims = stackalloc int[InShape(0).Rank];
        Dims(InShape(0), frame.Batch, dims);
        Transpose.Run(frame.Pool, In(frame, 0), Out(frame), dims, _perm);
    }
}

[Operation("BroadcastTo")]
internal sealed unsafe class BroadcastTo(PlanNode node) : KernelStep(node)
{
    public override void Run(Frame frame)
    {
        Span<int> from = stackalloc int[InShape(0).Rank], to = stackalloc int[OutShape().Rank];
        Dims(InShape(0), frame.Batch, from);
        Dims(OutShape(), frame.Batch, to);
        Broadcast.Run(frame.Pool, In(frame, 0), from, Out(frame), to);
    }
}

[Operation("ConcatV2")]
internal sealed unsafe class Concat(PlanNode node) : KernelStep(node)
{
    public override void Run(Frame frame)
    {
        Shape output = OutShape();
        int axis = output.Axis(Attributes.Get<int>("axis"));
        int rows = Size(output, 0, axis, frame.Batch), width = Size(output, axis, output.Rank, frame.Batch);
        float* to = Out(frame);
        for (int i = 0; i < Node.Inputs.Length; i++)
        {
            int columns = Size(InShape(i), axis, output.Rank, frame.Batch);
            StridedCopy.Run(frame.Pool, In(frame, i), columns, to, width, rows, columns);
            to += columns;
        }
    }
}

[Operation("Slice")]
internal sealed unsafe class Slice(PlanNode node) : KernelStep(node)
{
    public override void Run(Frame frame)
    {
        Shape input = InShape(0), output = OutShape();
        int axis = input.Axis(Attributes.Get<int>("axis")), begin = Attributes.Get<int>("begin");
        int below = Size(input, axis + 1, input.Rank, frame.Batch);
        int first = begin < 0 ? -begin * frame.Batch : begin;
        int columns = output.Dim(axis, frame.Batch) * below;
        StridedCopy.Run(frame.Pool, In(frame, 0) + (long)first * below, input.Dim(axis, frame.Batch) * below, Out(frame), columns, Size(input, 0, axis, frame.Batch), columns);
    }
}

[Operation("Pad")]
internal sealed unsafe class Pad(PlanNode node) : KernelStep(node)
{
    public override void Run(Frame frame)
    {
        Shape input = InShape(0), output = OutShape();
        int axis = input.Axis(Attributes.Get<int>("axis")), before = Attributes.Get<int>("before");
        int below = Size(input, axis + 1, input.Rank, frame.Batch), rows = Size(input, 0, axis, frame.Batch);
        int first = (before < 0 ? -before * frame.Batch : before) * below;
        int columns = input.Dim(axis, frame.Batch) * below, width = output.Dim(axis, frame.Batch) * below;
        float* to = Out(frame);
        StridedCopy.Run(frame.Pool, In(frame, 0), columns, to + first, width, rows, columns);
        for (int i = 0; i < rows; i++)
        {
            new Span<float>(to + ((long)i * width), first).Clear();
            new Span<float>(to + ((long)i * width) + first + columns, width - first - columns).Clear();
        }
    }
}

[Operation("GatherV2")]
internal sealed unsafe class GatherStep(PlanNode node) : KernelStep(node)
{
    public override void Run(Frame frame)
    {
        int count = Size(InShape(1), frame.Batch), rows = InShape(0)[0];
        int* ids = (int*)In(frame, 1);
        CheckIds(ids, count, rows, "ids");
        Gather.Run(frame.Pool, In(frame, 0), ids, Out(frame), count, InShape(0).UnitSize / rows, rows);
    }
}

[Operation("UnsortedSegmentSum")]
internal sealed unsafe class SegmentSumStep(PlanNode node) : KernelStep(node)
{
    public override void Run(Frame frame)
    {
        int segments = Attributes.Get<int>("num_segments");
        SegmentSum.Run(frame.Pool, In(frame, 0), (int*)In(frame, 1), Out(frame), Size(InShape(1), frame.Batch), OutShape().UnitSize / segments, segments);
    }
}

[Operation("OneHot")]
internal sealed unsafe class OneHotStep(PlanNode node) : KernelStep(node)
{
    public override void Run(Frame frame) => OneHot.Run(
        frame.Pool,
        (int*)In(frame, 0),
        Out(frame),
        Size(InShape(0), frame.Batch),
        Attributes.Get<int>("depth"),
        Attributes.Get<float>("on_value"),
        Attributes.Get<float>("off_value"));
}

[Operation("EnsureShape")]
internal sealed unsafe class EnsureShapeStep(PlanNode node) : KernelStep(node)
{
    public override void Run(Frame frame)
    {
        int from = InShape(0).Dim(0, frame.Batch), to = OutShape().Dim(0, frame.Batch);
        if (from != to)
            throw new ArgumentOutOfRangeException("batch", frame.Batch, $"'{Node.Name}': the run has {frame.Batch} rows, but what it goes on from was made for {Math.Max(InShape(0)[0], OutShape()[0])}.");
        long size = OutShape().Size(frame.Batch);
        new ReadOnlySpan<float>(In(frame, 0), checked((int)size)).CopyTo(new(Out(frame), (int)size));
    }
}
