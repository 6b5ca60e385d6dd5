using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Imbalance.Ensembles;

/// <summary>Adds an ensemble's columns to single rows.</summary>
internal sealed class EnsembleMapper(EnsembleBindings bindings) : IRowToRowMapper
{
    public DataViewSchema InputSchema => bindings.InputSchema;

    public DataViewSchema OutputSchema => bindings.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => bindings.Dependencies(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(bindings, input, [.. activeColumns]);

    private sealed class Row(EnsembleBindings bindings, DataViewRow input, DataViewSchema.Column[] columns) : DataViewRow
    {
        private readonly HashSet<int> _active = [.. columns.Select(c => c.Index)];
        private readonly EnsembleScores? _scores = columns.Any(bindings.IsOutput) ? new(bindings, input) : null;

        public override DataViewSchema Schema => bindings.OutputSchema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the row was made.");
            return bindings.IsOutput(column) ? bindings.Getter<TValue>(column, _scores!) : input.GetGetter<TValue>(bindings.InputSchema[column.Index]);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _scores?.Dispose();
                input.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
