using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Planning;

namespace MLNetDeep.Cpu.Operations;

/// <summary>Random numbers from the seed and the step.</summary>
internal abstract unsafe class RandomStep(PlanNode node) : KernelStep(node)
{
    protected ulong Seed { get; } = (uint)node.Attributes.Get<int>("seed");

    protected int Count(Frame frame) => Size(OutShape(), frame.Batch);

    protected int Step(Frame frame) => *(int*)In(frame, 1);
}

[Operation("StatelessRandomUniform")]
internal sealed unsafe class RandomUniform(PlanNode node) : RandomStep(node)
{
    public override void Run(Frame frame) => PhiloxRandom.Uniform(frame.Pool, Out(frame), Count(frame), Seed, Step(frame));
}

[Operation("StatelessRandomNormal")]
internal sealed unsafe class RandomNormal(PlanNode node) : RandomStep(node)
{
    public override void Run(Frame frame) => PhiloxRandom.Normal(frame.Pool, Out(frame), Count(frame), Seed, Step(frame));
}

[Operation("DropoutMask")]
internal sealed unsafe class DropoutMask(PlanNode node) : RandomStep(node)
{
    private readonly float _rate = node.Attributes.Get<float>("rate");

    public override void Run(Frame frame) => PhiloxRandom.DropoutMask(frame.Pool, Out(frame), Count(frame), _rate, Seed, Step(frame));
}
