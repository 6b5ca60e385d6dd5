using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Tests.Support;

/// <summary>Data that notes which columns are asked for, and how many rows are read.</summary>
internal sealed class WatchedView(IDataView inner) : IDataView
{
    public List<string[]> Asked { get; } = [];

    public int RowsRead { get; private set; }

    public int OpenCursors { get; private set; }

    public bool CanShuffle => inner.CanShuffle;

    public DataViewSchema Schema => inner.Schema;

    public long? GetRowCount() => inner.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        Asked.Add([.. columns.Select(c => c.Name)]);
        OpenCursors++;
        return new Cursor(this, inner.GetRowCursor(columns, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(WatchedView owner, DataViewRowCursor rows) : DataViewRowCursor
    {
        public override DataViewSchema Schema => rows.Schema;

        public override long Position => rows.Position;

        public override long Batch => rows.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => rows.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => rows.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => rows.GetIdGetter();

        public override bool MoveNext()
        {
            bool moved = rows.MoveNext();
            if (moved)
                owner.RowsRead++;
            return moved;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                owner.OpenCursors--;
                rows.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
