using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Transformers;

/// <summary>Adds an explanation's column to single rows.</summary>
internal sealed class ExplainedRowMapper(ExplanationBindings bindings) : IRowToRowMapper
{
    public DataViewSchema InputSchema => bindings.InputSchema;

    public DataViewSchema OutputSchema => bindings.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => bindings.Dependencies(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(bindings, input, [.. activeColumns.Select(c => c.Index)]);

    private sealed class Row(ExplanationBindings bindings, DataViewRow row, HashSet<int> active) : DataViewRow
    {
        private bool _disposed;

        public override DataViewSchema Schema => bindings.OutputSchema;

        public override long Position => row.Position;

        public override long Batch => row.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsColumnActive(column)
            ? bindings.Getter<TValue>(row, column)
            : throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the row was made.");

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                row.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
