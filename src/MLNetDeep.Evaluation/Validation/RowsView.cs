using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Evaluation.Validation;

/// <summary>Some of the rows of a source, by their numbers, with columns added that are in memory. The source is read in its own order.</summary>
internal sealed class RowsView : IDataView
{
    private readonly IDataView _source;
    private readonly bool[] _kept;
    private readonly int _count, _inputs;
    private readonly IReadOnlyList<AddedColumn> _added;

    /// <param name="source">The rows.</param>
    /// <param name="kept">For each whether it is taken.</param>
    /// <param name="added">Columns with a value for each row taken.</param>
    public RowsView(IDataView source, bool[] kept, params IReadOnlyList<AddedColumn> added)
    {
        _source = source;
        _kept = kept;
        _count = kept.Count(k => k);
        _inputs = source.Schema.Count;
        _added = added;
        DataViewSchema.Builder builder = new();
        builder.AddColumns(source.Schema);
        foreach (AddedColumn column in added)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = added.Count == 0 ? source.Schema : builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, [.. columnsNeeded]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly RowsView _owner;
        private readonly HashSet<int> _active;
        private readonly DataViewRowCursor _rows;
        private int _read, _position = -1;
        private bool _disposed;

        public Cursor(RowsView owner, DataViewSchema.Column[] columns)
        {
            _owner = owner;
            _active = [.. columns.Select(c => c.Index)];
            _rows = owner._source.GetRowCursor(columns.Where(c => c.Index < owner._inputs).Select(c => owner._source.Schema[c.Index]).DistinctBy(c => c.Index));
        }

        public override DataViewSchema Schema => _owner.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _rows.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
            if (column.Index < _owner._inputs)
                return _rows.GetGetter<TValue>(_owner._source.Schema[column.Index]);
            return _owner._added[column.Index - _owner._inputs].CreateGetter(() => _position) as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}' has type {column.Type}; a getter of {typeof(TValue)} was asked for.");
        }

        public override bool MoveNext()
        {
            while (!_disposed && _rows.MoveNext())
            {
                if (_read >= _owner._kept.Length)
                    throw new InvalidOperationException($"The data has more rows than the {_owner._kept.Length} that it had when it was dealt out to folds. Read it into memory first, for instance with Data.Cache.");
                if (!_owner._kept[_read++])
                    continue;
                _position++;
                return true;
            }

            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                _rows.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
