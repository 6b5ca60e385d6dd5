using System.Collections.Concurrent;

namespace MLNetDeep.Graphs;

/// <summary>The closed table of operations by name: every <see cref="OpDefinition"/> of this assembly, and what <see cref="Register"/> adds.</summary>
public static class OpRegistry
{
    private static readonly ConcurrentDictionary<string, OpDefinition> Table = new(
        typeof(OpRegistry).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(OpDefinition)) && !t.IsAbstract)
            .Select(t => (OpDefinition)Activator.CreateInstance(t)!)
            .Select(op => KeyValuePair.Create(op.Name, op)),
        StringComparer.Ordinal);

    /// <summary>All known operations.</summary>
    public static IEnumerable<OpDefinition> All => Table.Values;

    /// <summary>The operation called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static OpDefinition Get(string name) => Table.TryGetValue(name, out OpDefinition? op)
        ? op
        : throw new ArgumentException($"There is no operation called '{name}'.", nameof(name));

    /// <summary>Adds an operation of another assembly.</summary>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public static void Register(OpDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (!Table.TryAdd(definition.Name, definition))
            throw new ArgumentException($"There is an operation called '{definition.Name}' already.", nameof(definition));
    }
}
