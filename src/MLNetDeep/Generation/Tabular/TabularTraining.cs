using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Interop;
using MLNetDeep.Rows;

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

    public static SchemaShape OutputSchema(SchemaShape input, IReadOnlyList<string>? names, bool withLatent)
    {
        ArgumentNullException.ThrowIfNull(input);
        TableColumn.Check(input, names);
        SchemaShape.Column score = Internals.Column(TabularTransformer.ScoreColumn, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false);
        return input.WithColumns(withLatent ? [score, Internals.Column(TabularTransformer.LatentColumn, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false)] : [score]);
    }
}
