using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Imbalance.Ensembles;

/// <summary>Data with an ensemble's columns, computed as rows are read.</summary>
internal sealed class EnsembleView(IDataView source, EnsembleBindings bindings) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => bindings.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(source, bindings, [.. columnsNeeded], rand);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly DataViewRowCursor _rows;
        private readonly DataViewRow _scored;

        public Cursor(IDataView source, EnsembleBindings bindings, DataViewSchema.Column[] columns, Random? random)
        {
            _rows = source.GetRowCursor(bindings.Dependencies(columns), random);
            _scored = new EnsembleMapper(bindings).GetRow(_rows, columns);
        }

        public override DataViewSchema Schema => _scored.Schema;

        public override long Position => _rows.Position;

        public override long Batch => _rows.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => _scored.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _rows.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _scored.GetGetter<TValue>(column);

        public override bool MoveNext() => _rows.MoveNext();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _scored.Dispose();
            base.Dispose(disposing);
        }
    }
}
