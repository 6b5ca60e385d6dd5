using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.TimeSeries;

/// <summary>A transformer whose output for a row depends on the rows before it.</summary>
internal interface IStatefulTransformer : ITransformer
{
    /// <summary>Maps rows that come one after the other, and moves the state on with each.</summary>
    IRowToRowMapper GetStatefulRowToRowMapper(DataViewSchema inputSchema);

    /// <summary>A copy with a state of its own.</summary>
    IStatefulTransformer Clone();
}
