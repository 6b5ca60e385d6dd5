using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Planning;

namespace MLNetDeep.Cpu.Operations;

[Operation("MatMul")]
internal sealed unsafe class MatMul(PlanNode node) : KernelStep(node)
{
    private readonly bool _transposeA = node.Attributes.Get<bool>("transpose_a"), _transposeB = node.Attributes.Get<bool>("transpose_b");
    private readonly int _bias = node.Bias?.Value.Id ?? -1;

    public override string Description => $"{base.Description}{(Node.Bias is null ? "" : " +bias")}{(Node.Relu ? " +relu" : "")}";

    public override long WorkspaceSize(int batch, int threads) => Gemm.WorkspaceSize(Dimensions(batch), threads);

    public override long Flops(int batch)
    {
        GemmShape shape = Dimensions(batch);
        return 2L * shape.M * shape.N * shape.K;
    }

    public override void Run(Frame frame) => Gemm.Run(
        frame.Pool,
        Dimensions(frame.Batch),
        In(frame, 0),
        In(frame, 1),
        Out(frame),
        _bias < 0 ? null : frame.Pointers[_bias],
        frame.Workspace);

    private GemmShape Dimensions(int batch) => new(
        OutShape().Dim(0, batch),
        OutShape().Dim(1, batch),
        InShape(0).Dim(_transposeA ? 0 : 1, batch),
        _transposeA,
        _transposeB,
        Activation: Node.Relu ? GemmActivation.Relu : GemmActivation.None);
}
