namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>What each op does, by its name.</summary>
internal static class Operations
{
    public static IReadOnlyDictionary<string, Func<OpCall, Value[]>> Table { get; } = Merge(
        StateOperations.Table, ElementwiseOperations.Table, ReductionOperations.Table, MovementOperations.Table, IndexOperations.Table,
        LinearOperations.Table, ConvolutionOperations.Table, PoolingOperations.Table, ProbabilityOperations.Table, NormalizationOperations.Table, RandomOperations.Table);

    private static Dictionary<string, Func<OpCall, Value[]>> Merge(params ReadOnlySpan<Dictionary<string, Func<OpCall, Value>>> tables)
    {
        Dictionary<string, Func<OpCall, Value[]>> all = new(StringComparer.Ordinal);
        foreach (Dictionary<string, Func<OpCall, Value>> table in tables)
        {
            foreach ((string name, Func<OpCall, Value> run) in table)
                all.Add(name, call => [run(call)]);
        }

        foreach ((string name, Func<OpCall, Value[]> run) in (IEnumerable<KeyValuePair<string, Func<OpCall, Value[]>>>)
                 [.. StateOperations.Several, .. MovementOperations.Several, .. IndexOperations.Several, .. ProbabilityOperations.Several, .. NormalizationOperations.Several])
            all.Add(name, run);
        return all;
    }
}
