namespace MLNetDeep.Cpu.Execution;

/// <summary>Says which operation of graphs a <see cref="KernelStep"/> computes.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OperationAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
