using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Transformers;

/// <summary>Adds a model's columns to single rows.</summary>
internal sealed class ScoredRowMapper(OutputBindings bindings) : IRowToRowMapper
{
    public DataViewSchema InputSchema => bindings.InputSchema;

    public DataViewSchema OutputSchema => bindings.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => bindings.Dependencies(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new ScoredRow(bindings, input, [.. activeColumns]);
}
