using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Base of the transformers that make each of their output columns of one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    internal readonly (string outputColumnName, string inputColumnName)[] ColumnPairs;

    private protected OneToOneTransformerBase(IHost host, params (string outputColumnName, string inputColumnName)[] columns)
        : base(host)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Length == 0)
            throw new ArgumentException("There must be at least one column.", nameof(columns));
        if (columns.Select(c => c.outputColumnName).Distinct(StringComparer.Ordinal).Count() != columns.Length)
            throw new ArgumentException("An output column is given twice.", nameof(columns));
        ColumnPairs = columns;
    }

    /// <summary>Reads the pairs that <see cref="SaveColumns"/> wrote.</summary>
    private protected OneToOneTransformerBase(IHost host, ModelLoadContext ctx)
        : this(host, LoadColumns(ctx))
    {
    }

    private protected void SaveColumns(ModelSaveContext ctx)
    {
        ctx.Writer.Write(ColumnPairs.Length);
        foreach (var (output, input) in ColumnPairs)
        {
            ctx.SaveNonEmptyString(output);
            ctx.SaveNonEmptyString(input);
        }
    }

    /// <summary>The input columns of the pairs, in their order, or an error that names the one that is missing.</summary>
    private protected DataViewSchema.Column[] FindInputs(DataViewSchema inputSchema)
        => [.. ColumnPairs.Select(pair => inputSchema.GetColumnOrNull(pair.inputColumnName)
            ?? throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Could not find input column '{pair.inputColumnName}'"))];

    private static (string, string)[] LoadColumns(ModelLoadContext ctx)
    {
        // Each pair takes at least four bytes, so that a wrong count cannot ask for more memory than the file has.
        var count = ctx.ReadCount(minimumItemSize: 4);
        var columns = new (string, string)[count];
        for (var i = 0; i < count; i++)
            columns[i] = (ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString());
        return columns;
    }
}
