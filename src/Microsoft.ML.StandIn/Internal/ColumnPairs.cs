namespace Microsoft.ML;

/// <summary>Checks pairs of columns.</summary>
internal static class ColumnPairs
{
    /// <summary>The pairs as the transformers' base takes them.</summary>
    public static (string outputColumnName, string inputColumnName)[] ToTuples(this InputOutputColumnPair[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return Array.ConvertAll(columns, pair => (pair.OutputColumnName, pair.InputColumnName));
    }

    /// <summary>One pair, in an array.</summary>
    public static InputOutputColumnPair[] Of(string output, string? input) => [new(output, input)];
}
