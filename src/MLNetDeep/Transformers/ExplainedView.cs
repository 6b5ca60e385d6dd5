using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Transformers;

/// <summary>Data with an explanation's column, computed as rows are read.</summary>
internal sealed class ExplainedView(IDataView source, ExplanationBindings bindings) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => bindings.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        return new Cursor(bindings, source.GetRowCursor(bindings.Dependencies(needed), rand), [.. needed.Select(c => c.Index)]);
    }

    // One cursor: the network uses all processors by itself.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(ExplanationBindings bindings, DataViewRowCursor rows, HashSet<int> active) : DataViewRowCursor
    {
        private bool _disposed;

        public override DataViewSchema Schema => bindings.OutputSchema;

        public override long Position => rows.Position;

        public override long Batch => rows.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => rows.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsColumnActive(column)
            ? bindings.Getter<TValue>(rows, column)
            : throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");

        public override bool MoveNext() => rows.MoveNext();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                rows.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
