using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Operations;

/// <summary>An operation that sees its first input as rows of the last axis.</summary>
internal abstract class RowStep(PlanNode node) : KernelStep(node)
{
    protected int Columns => InShape(0)[^1];

    protected int Rows(Frame frame) => Size(InShape(0), frame.Batch) / Columns;
}

[Operation("Softmax")]
internal sealed unsafe class SoftmaxStep(PlanNode node) : RowStep(node)
{
    public override bool IsRowwise => true;

    public override void Run(Frame frame) => Softmax.Forward(frame.Pool, In(frame, 0), Out(frame), Rows(frame), Columns);
}

[Operation("SoftmaxGrad")]
internal sealed unsafe class SoftmaxGradStep(PlanNode node) : RowStep(node)
{
    public override void Run(Frame frame) => Softmax.Backward(frame.Pool, In(frame, 0), In(frame, 1), Out(frame), Rows(frame), Columns);
}

[Operation("LogSoftmax")]
internal sealed unsafe class LogSoftmaxStep(PlanNode node) : RowStep(node)
{
    public override bool IsRowwise => true;

    public override void Run(Frame frame) => LogSoftmax.Forward(frame.Pool, In(frame, 0), Out(frame), Rows(frame), Columns);
}

[Operation("SparseSoftmaxCrossEntropyWithLogits")]
internal sealed unsafe class SparseCrossEntropyStep(PlanNode node) : RowStep(node)
{
    public override void Run(Frame frame)
    {
        int rows = Rows(frame);
        int* labels = (int*)In(frame, 1);
        CheckIds(labels, rows, Columns, "labels");
        SparseCrossEntropy.Run(frame.Pool, In(frame, 0), labels, Out(frame, 0), Out(frame, 1), rows, Columns);
    }
}

[Operation("BatchNormStatistics")]
internal sealed unsafe class BatchNormStatistics(PlanNode node) : RowStep(node)
{
    public override long WorkspaceSize(int batch, int threads) => BatchNorm.WorkspaceSize(Size(InShape(0), batch) / Columns, Columns);

    public override void Run(Frame frame) =>
        BatchNorm.Statistics(frame.Pool, In(frame, 0), Out(frame, 0), Out(frame, 1), Rows(frame), Columns, frame.Workspace);
}

[Operation("BatchNormSums")]
internal sealed unsafe class BatchNormSums(PlanNode node) : RowStep(node)
{
    private readonly float _epsilon = node.Attributes.Get<float>("epsilon");

    public override long WorkspaceSize(int batch, int threads) => BatchNorm.WorkspaceSize(Size(InShape(0), batch) / Columns, Columns);

    public override void Run(Frame frame) => BatchNorm.Sums(
        frame.Pool, In(frame, 0), In(frame, 1), In(frame, 2), In(frame, 3), _epsilon, Out(frame, 0), Out(frame, 1), Rows(frame), Columns, frame.Workspace);
}

[Operation("LayerNorm")]
internal sealed unsafe class LayerNormStep(PlanNode node) : RowStep(node)
{
    private readonly float _epsilon = node.Attributes.Get<float>("epsilon");

    public override bool IsRowwise => true;

    public override void Run(Frame frame) => LayerNorm.Forward(
        frame.Pool, In(frame, 0), In(frame, 1), In(frame, 2), _epsilon, Out(frame, 0), Out(frame, 1), Out(frame, 2), Rows(frame), Columns);
}

[Operation("LayerNormGrad")]
internal sealed unsafe class LayerNormGradStep(PlanNode node) : RowStep(node)
{
    public override long WorkspaceSize(int batch, int threads) => LayerNorm.BackwardWorkspaceSize(Size(InShape(0), batch) / Columns, Columns);

    public override void Run(Frame frame) => LayerNorm.Backward(
        frame.Pool, In(frame, 0), In(frame, 1), In(frame, 2), In(frame, 3), In(frame, 4), Out(frame, 0), Out(frame, 1), Out(frame, 2), Rows(frame), Columns, frame.Workspace);
}
