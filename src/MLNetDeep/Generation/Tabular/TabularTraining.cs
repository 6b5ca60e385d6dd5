using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Interop;

namespace MLNetDeep.Generation.Tabular;

/// <summary>What both trainers of tables do.</summary>
internal static class TabularTraining
{
    /// <exception cref="ArgumentException">There are fewer rows than a batch.</exception>
    public static void CheckRows(EncodedTable table, TabularOptions options)
    {
        if (table.Count < options.BatchSize)
            throw new ArgumentException($"There are {table.Count} rows to learn from, fewer than the {options.BatchSize} of a batch: set BatchSize to {table.Count} or less.");
    }

    /// <summary>Hands a line to the log and the user's progress.</summary>
    public static void Tell(IChannel channel, TabularOptions options, string line, bool warn)
    {
        if (warn)
            channel.Warning(MessageSensitivity.None, line);
        else
            channel.Info(MessageSensitivity.None, line);
        options.Progress?.Invoke(line);
    }

    public static SchemaShape OutputSchema(SchemaShape input, IReadOnlyList<string>? names, bool withLatent)
    {
        ArgumentNullException.ThrowIfNull(input);
        TableColumn.Check(input, names);
        Dictionary<string, SchemaShape.Column> columns = [];
        foreach (SchemaShape.Column column in input)
            columns[column.Name] = column;
        columns[TabularTransformer.ScoreColumn] = Internals.Column(TabularTransformer.ScoreColumn, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false);
        if (withLatent)
            columns[TabularTransformer.LatentColumn] = Internals.Column(TabularTransformer.LatentColumn, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false);
        return new SchemaShape(columns.Values);
    }
}
