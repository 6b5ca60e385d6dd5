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

    /// <param name="node">The operation.</param>
    /// <param name="isNeeded">Whether a value is read by anything.</param>
    public static KernelStep Create(PlanNode node, Func<Value, bool> isNeeded)
    {
        if (!Table.TryGetValue(node.Op, out Type? type))
            throw new NotSupportedException($"The CPU engine has no operation '{node.Op}', which '{node.Name}' needs.");
        node.StoredOutputs = Optional.Contains(node.Op) ? [.. node.Outputs.Where(isNeeded)] : node.Outputs;
        return (KernelStep)Activator.CreateInstance(type, node)!;
    }
}
