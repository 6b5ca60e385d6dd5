using MLNetDeep.Cpu.Planning;

namespace MLNetDeep.Cpu.Execution;

/// <summary>Copies a value into a variable when nothing needs the old one any more.</summary>
internal sealed unsafe class AssignStep(Value variable, Value value) : Step
{
    public override string Description => $"Assign {variable.Source!.Name}";

    public override IEnumerable<Value> Inputs => [value];

    public override IEnumerable<Value> Outputs => [];

    public override void Run(Frame frame) =>
        new ReadOnlySpan<float>(frame.Pointers[value.Id], value.UnitSize).CopyTo(new(frame.Pointers[variable.Id], value.UnitSize));
}
