using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Operations;

/// <summary>Attention or its gradient: query, key and value begin with input <paramref name="first"/>; then come the masks and the step, as the attributes say.</summary>
internal abstract unsafe class AttentionStep(PlanNode node, int first) : KernelStep(node)
{
    private readonly bool _queryMask = node.Attributes.Get<bool>("query_mask"), _keyMask = node.Attributes.Get<bool>("key_mask"), _causal = node.Attributes.Get<bool>("causal");
    private readonly float _scale = node.Attributes.Get<float>("scale"), _rate = node.Attributes.Get<float>("rate");
    private readonly ulong _seed = (uint)node.Attributes.Get<int>("seed");

    protected bool HasDropout => _rate > 0;

    protected AttentionShape Dimensions(int batch)
    {
        Shape q = InShape(first), v = InShape(first + 2);
        return new(q.Dim(0, batch), q[2], q[1], v[1], q[3], v[3], _scale, _causal, _rate, _seed);
    }

    protected float* QueryMask(Frame frame) => _queryMask ? In(frame, first + 3) : null;

    protected float* KeyMask(Frame frame) => _keyMask ? In(frame, first + 3 + (_queryMask ? 1 : 0)) : null;

    protected int Step(Frame frame) => _rate > 0 ? *(int*)In(frame, first + 3 + (_queryMask ? 1 : 0) + (_keyMask ? 1 : 0)) : 0;

    // Two products of steps and sources forward, five backward.
    protected long Products(int batch, int times)
    {
        AttentionShape s = Dimensions(batch);
        return (long)times * s.Batch * s.Heads * s.Steps * s.Sources * (s.Size + s.ValueSize);
    }
}

[Operation("ScaledDotProductAttention")]
internal sealed unsafe class AttentionForward(PlanNode node) : AttentionStep(node, 0)
{
    /// <summary>Where no dropout goes by the place in the batch.</summary>
    public override bool IsBatchwise => !HasDropout;

    public override long WorkspaceSize(int batch, int threads) => Attention.ForwardWorkspaceSize(Dimensions(batch), threads);

    public override long Flops(int batch) => Products(batch, 2);

    public override void Run(Frame frame) => Attention.Forward(
        frame.Pool, Dimensions(frame.Batch), In(frame, 0), In(frame, 1), In(frame, 2), QueryMask(frame), KeyMask(frame), Step(frame), Out(frame), frame.Workspace);
}

[Operation("ScaledDotProductAttentionGrad")]
internal sealed unsafe class AttentionBackward(PlanNode node) : AttentionStep(node, 1)
{
    public override long WorkspaceSize(int batch, int threads) => Attention.BackwardWorkspaceSize(Dimensions(batch), threads);

    public override long Flops(int batch) => Products(batch, 5);

    public override void Run(Frame frame) => Attention.Backward(
        frame.Pool, Dimensions(frame.Batch), In(frame, 0), In(frame, 1), In(frame, 2), In(frame, 3), QueryMask(frame), KeyMask(frame), Step(frame),
        Out(frame, 0), Out(frame, 1), Out(frame, 2), frame.Workspace);
}
