namespace Microsoft.ML.Data;

/// <summary>Maps one row to one row, as a prediction engine needs it.</summary>
public interface IRowToRowMapper
{
    /// <summary>The columns it takes.</summary>
    DataViewSchema InputSchema { get; }

    /// <summary>The columns it gives.</summary>
    DataViewSchema OutputSchema { get; }

    /// <summary>The input columns that some output columns need.</summary>
    IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns);

    /// <summary>The output row over an input row; disposing it disposes the input.</summary>
    DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns);
}
