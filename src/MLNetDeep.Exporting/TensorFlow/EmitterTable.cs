using System.Reflection;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>How each operation is written for TensorFlow: every method of this assembly that an <see cref="OperationAttribute"/> marks.</summary>
internal static class EmitterTable
{
    private static readonly Dictionary<string, Func<Emission, Value[]>> Table = typeof(EmitterTable).Assembly.GetTypes()
        .Where(t => t.Namespace == "MLNetDeep.Exporting.TensorFlow.Emitters")
        .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public))
        .SelectMany(m => m.GetCustomAttributes<OperationAttribute>().Select(a => (a.Name, Emit: m.CreateDelegate<Func<Emission, Value[]>>())))
        .ToDictionary(e => e.Name, e => e.Emit, StringComparer.Ordinal);

    /// <summary>Operations that are written as they are, not through the simpler ones they stand for.</summary>
    public static IEnumerable<string> Operations => Table.Keys;

    /// <summary>The emitter of an operation, or null.</summary>
    public static Func<Emission, Value[]>? Of(string op) => Table.GetValueOrDefault(op);
}
