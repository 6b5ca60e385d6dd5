using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Operations;

[Operation("MatMul", HasEpilogue = true)]
internal sealed unsafe class MatMul(PlanNode node) : KernelStep(node)
{
    /// <summary>Most weights, in floats, that threads read each on its own for some rows at a time.</summary>
    private const long RowwiseMost = 1 << 17;

    private readonly bool _transposeA = node.Attributes.Get<bool>("transpose_a"), _transposeB = node.Attributes.Get<bool>("transpose_b");
    private readonly int _bias = node.Bias?.Value.Id ?? -1;

    public override string Description => $"{base.Description}{(Node.Bias is null ? "" : " +bias")}{(Node.Relu ? " +relu" : "")}";

    /// <summary>With weights that are ready for it, and not too many.</summary>
    public override bool IsRowwise => Node.Inputs.Length > 2 && (long)InShape(1).UnitSize <= RowwiseMost;

    public override long WorkspaceSize(int batch, int threads) => Gemm.WorkspaceSize(Dimensions(batch), threads);

    public override long Flops(int batch)
    {
        GemmShape shape = Dimensions(batch);
        return 2L * shape.M * shape.N * shape.K;
    }

    public override void Run(Frame frame) => Gemm.Run(
        frame.Pool,
        Dimensions(frame.Batch) with { IsRowwise = frame.IsRowwise },
        In(frame, 0),
        In(frame, 1),
        Out(frame),
        _bias < 0 ? null : frame.Pointers[_bias],
        frame.Workspace,
        Node.Inputs.Length > 2 ? In(frame, 2) : null);

    private GemmShape Dimensions(int batch) => new(
        OutShape().Dim(0, batch),
        OutShape().Dim(1, batch),
        InShape(0).Dim(_transposeA ? 0 : 1, batch),
        _transposeA,
        _transposeB,
        Activation: Node.Relu ? GemmActivation.Relu : GemmActivation.None);
}

// Weights made ready for products; see Importer. Runs again only after they changed.
[Operation("PackWeights")]
internal sealed unsafe class PackWeights(PlanNode node) : KernelStep(node)
{
    private readonly bool _transposed = node.Attributes.Get<bool>("transpose_b");

    public override void Run(Frame frame)
    {
        Shape weights = InShape(0);
        Gemm.Pack(frame.Pool, weights[_transposed ? 0 : 1], weights[_transposed ? 1 : 0], _transposed, In(frame, 0), Out(frame));
    }
}

[Operation("BatchMatMulV2")]
internal sealed unsafe class BatchMatMul(PlanNode node) : KernelStep(node)
{
    private readonly bool _adjX = node.Attributes.Get<bool>("adj_x"), _adjY = node.Attributes.Get<bool>("adj_y");

    public override long WorkspaceSize(int batch, int threads) => Gemm.WorkspaceSize(Dimensions(batch, out _), threads);

    public override long Flops(int batch)
    {
        GemmShape shape = Dimensions(batch, out int times);
        return 2L * shape.M * shape.N * shape.K * shape.Batch * times;
    }

    public override void Run(Frame frame)
    {
        GemmShape shape = Dimensions(frame.Batch, out int times);
        float* x = In(frame, 0), y = In(frame, 1), z = Out(frame);

        // The input with fewer axes is used again each time.
        long stepX = InShape(0).Rank < OutShape().Rank ? 0 : shape.StrideA * shape.Batch, stepY = InShape(1).Rank < OutShape().Rank ? 0 : shape.StrideB * shape.Batch;
        for (int i = 0; i < times; i++, x += stepX, y += stepY, z += shape.StrideC * shape.Batch)
            Gemm.Run(frame.Pool, shape, x, y, z, null, frame.Workspace);
    }

    // The products that one call can do, and how often it must.
    private GemmShape Dimensions(int batch, out int times)
    {
        Shape x = InShape(0), y = InShape(1), z = OutShape();
        int m = z.Dim(z.Rank - 2, batch), n = z.Dim(z.Rank - 1, batch), k = x.Dim(x.Rank - (_adjX ? 2 : 1), batch);
        int total = Size(z, 0, z.Rank - 2, batch);
        times = 1;
        if (y.Rank == 2 && !_adjX)
            return new(total * m, n, k, false, _adjY);
        int both = Math.Min(Size(x, 0, x.Rank - 2, batch), Size(y, 0, y.Rank - 2, batch));
        GemmShape shape = new(m, n, k, _adjX, _adjY, total, x.Rank == 2 ? 0 : (long)m * k, y.Rank == 2 ? 0 : (long)k * n, (long)m * n);
        if (x.Rank == 2 || y.Rank == 2)
            return shape;
        times = total / both;
        return shape with { Batch = both };
    }
}
