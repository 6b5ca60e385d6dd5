using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Row mappers one after the other, as one.</summary>
internal sealed class ChainMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema => mappers.Length == 0 ? inputSchema : mappers[^1].OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = dependingColumns;
        for (var i = mappers.Length - 1; i >= 0; i--)
            needed = [.. mappers[i].GetDependencies(needed)];
        return needed;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => GetRow(input, activeColumns, null);

    /// <summary>As the other, and shows the row of each mapper.</summary>
    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns, Action<DataViewRow>? made)
    {
        var needed = new IEnumerable<DataViewSchema.Column>[mappers.Length];
        for (var i = mappers.Length - 1; i >= 0; i--)
        {
            needed[i] = [.. activeColumns];
            activeColumns = mappers[i].GetDependencies(needed[i]);
        }
        var row = input;
        for (var i = 0; i < mappers.Length; i++)
        {
            row = mappers[i].GetRow(row, needed[i]);
            made?.Invoke(row);
        }

        return row;
    }
}
