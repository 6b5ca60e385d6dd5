using System.Reflection;
using MLNetDeep.Cpu.Planning;

namespace MLNetDeep.Cpu.Execution;

/// <summary>The steps by the names of the operations they compute.</summary>
internal static class KernelTable
{
    private static readonly Dictionary<string, Type> Table = typeof(KernelTable).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(KernelStep)) && !t.IsAbstract)
        .ToDictionary(t => t.GetCustomAttribute<OperationAttribute>()!.Name);

    private static readonly HashSet<string> Epilogues = [.. Table.Where(t => t.Value.GetCustomAttribute<OperationAttribute>()!.HasEpilogue).Select(t => t.Key)];

    private static readonly HashSet<string> Optional = [.. Table.Where(t => t.Value.GetCustomAttribute<OperationAttribute>()!.HasOptionalOutputs).Select(t => t.Key)];

    /// <summary>Whether an operation does bias and ReLU itself.</summary>
    public static bool HasEpilogue(string op) => Epilogues.Contains(op);

    /// <summary>Whether an operation can leave out outputs that nothing reads.</summary>
    public static bool HasOptionalOutputs(string op) => Optional.Contains(op);

    public static KernelStep Create(PlanNode node)
    {
        if (!Table.TryGetValue(node.Op, out Type? type))
            throw new NotSupportedException($"The CPU engine has no operation '{node.Op}', which '{node.Name}' needs.");
        return (KernelStep)Activator.CreateInstance(type, node)!;
    }
}
