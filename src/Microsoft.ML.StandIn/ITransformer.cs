using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Turns a table into a table: a fitted step of a pipeline.</summary>
public interface ITransformer : ICanSaveModel
{
    /// <summary>Whether each row of the output comes of one row of the input.</summary>
    bool IsRowToRowMapper { get; }

    /// <summary>The columns that <see cref="Transform"/> will give.</summary>
    DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <summary>The output table; nothing is computed before its rows are read.</summary>
    IDataView Transform(IDataView input);

    /// <summary>The mapper of single rows, where <see cref="IsRowToRowMapper"/>.</summary>
    IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);
}
