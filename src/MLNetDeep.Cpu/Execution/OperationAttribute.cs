namespace MLNetDeep.Cpu.Execution;

/// <summary>Says which operation of graphs a <see cref="KernelStep"/> computes.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OperationAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    /// <summary>Whether it can add <see cref="Planning.PlanNode.Bias"/> and apply <see cref="Planning.PlanNode.Relu"/> to what it stores. Default false.</summary>
    public bool HasEpilogue { get; init; }

    /// <summary>Whether outputs that nothing reads may be left out: their pointers are null. Default false.</summary>
    public bool HasOptionalOutputs { get; init; }
}
