using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A table over objects, enumerated anew by each cursor.</summary>
internal sealed class ObjectDataView<TRow>(IEnumerable<TRow> rows, ObjectColumns<TRow> columns) : IDataView
    where TRow : class
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => columns.Schema;

    public long? GetRowCount() => (rows as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        => new Cursor(rows.GetEnumerator(), columns, ActiveColumns.Of(Schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : SequentialCursor
    {
        private readonly IEnumerator<TRow> _rows;
        private readonly ObjectColumns<TRow>.Holder _current = new();

        public Cursor(IEnumerator<TRow> rows, ObjectColumns<TRow> columns, bool[] active)
            : base(columns.Schema, active)
        {
            _rows = rows;
            SetGetters(i => columns.MakeGetter(i, _current));
        }

        protected override bool MoveNextCore()
        {
            if (!_rows.MoveNext())
            {
                _current.Value = null;
                return false;
            }
            _current.Value = _rows.Current
                ?? throw new InvalidOperationException("Encountered null when iterating over data, this is not supported.");
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
