using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Operations;

/// <summary>A pool or a gradient of one: <paramref name="x"/> is the shape of its images, <paramref name="y"/> that of what is left of them.</summary>
internal abstract class PoolStep(PlanNode node, Shape x, Shape y) : KernelStep(node)
{
    // For one image; only the batch changes from run to run.
    private readonly PoolShape _shape = ShapeOf(node.Attributes, x, y);

    protected PoolShape Dimensions(int batch) => _shape with { Batch = x.Dim(0, batch) };

    private static PoolShape ShapeOf(Attributes attributes, Shape x, Shape y)
    {
        int[] size = attributes.Get<int[]>("ksize"), strides = attributes.Get<int[]>("strides"), pads = attributes.Get<int[]>("pads");
        return new(1, x[1], x[2], x[3], y[1], y[2], size[0], size[1], strides[0], strides[1], pads[0], pads[2]);
    }
}

[Operation("MaxPool")]
internal sealed unsafe class MaxPool(PlanNode node) : PoolStep(node, node.Inputs[0].Shape, node.OutputShapes[0])
{
    public override bool IsBatchwise => true;

    public override void Run(Frame frame) => Pooling.MaxForward(frame.Pool, Dimensions(frame.Batch), In(frame, 0), Out(frame));
}

[Operation("MaxPoolGrad")]
internal sealed unsafe class MaxPoolGrad(PlanNode node) : PoolStep(node, node.Inputs[0].Shape, node.Inputs[1].Shape)
{
    public override void Run(Frame frame) =>
        Pooling.MaxBackward(frame.Pool, Dimensions(frame.Batch), In(frame, 0), In(frame, 1), In(frame, 2), Out(frame));
}

[Operation("MaxPoolGradGrad")]
internal sealed unsafe class MaxPoolGradGrad(PlanNode node) : PoolStep(node, node.Inputs[0].Shape, node.Inputs[1].Shape)
{
    public override void Run(Frame frame) =>
        Pooling.MaxGradGrad(frame.Pool, Dimensions(frame.Batch), In(frame, 0), In(frame, 1), In(frame, 2), Out(frame));
}

[Operation("AvgPool")]
internal sealed unsafe class AvgPool(PlanNode node) : PoolStep(node, node.Inputs[0].Shape, node.OutputShapes[0])
{
    public override bool IsBatchwise => true;

    public override void Run(Frame frame) => Pooling.AverageForward(frame.Pool, Dimensions(frame.Batch), In(frame, 0), Out(frame));
}

[Operation("AvgPoolGrad")]
internal sealed unsafe class AvgPoolGrad(PlanNode node) : PoolStep(node, node.OutputShapes[0], node.Inputs[0].Shape)
{
    public override void Run(Frame frame) => Pooling.AverageBackward(frame.Pool, Dimensions(frame.Batch), In(frame, 0), Out(frame));
}
