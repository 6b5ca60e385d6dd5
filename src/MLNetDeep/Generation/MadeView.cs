using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Generation;

/// <summary>Rows that a model makes while they are read, a block at a time.</summary>
internal abstract class MadeView(DataViewSchema schema, long count) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema { get; } = schema;

    private long Count { get; } = count;

    public long? GetRowCount() => Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, CreateBlock(), [.. columnsNeeded.Select(c => c.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    /// <summary>What makes the rows of a cursor.</summary>
    protected abstract Block CreateBlock();

    /// <summary>Rows that were made together.</summary>
    /// <param name="size">How many, at most.</param>
    protected abstract class Block(int size) : IDisposable
    {
        public int Size => size;

        /// <summary>Makes <paramref name="count"/> rows, of which <paramref name="start"/> is the first one's number, in the place of those before.</summary>
        public abstract void Make(long start, int count);

        /// <summary>A <see cref="ValueGetter{TValue}"/> of a column's values in the row whose place in the block <paramref name="row"/> gives.</summary>
        public abstract Delegate CreateGetter(DataViewSchema.Column column, Func<int> row);

        /// <summary>Is called once.</summary>
        public abstract void Dispose();
    }

    private sealed class Cursor(MadeView view, Block block, HashSet<int> active) : DataViewRowCursor
    {
        private long _row = -1, _blockStart = -1;
        private bool _disposed;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _row < view.Count ? _row : -1;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_disposed || _row >= view.Count)
                return false;
            return ++_row < view.Count;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)Position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
            return block.CreateGetter(column, Prepare) as ValueGetter<TValue> ?? throw new InvalidOperationException($"Column '{column.Name}' has type {column.Type}; a getter of {typeof(TValue)} was asked for.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                block.Dispose();
            }

            base.Dispose(disposing);
        }

        // Sees to it that the block with the present row has been made; the row's place in it.
        private int Prepare()
        {
            if (_disposed || Position < 0)
                throw new InvalidOperationException("The cursor is not on a row: call MoveNext, and read while it returns true.");
            long start = _row - (_row % block.Size);
            if (start != _blockStart)
            {
                block.Make(start, (int)Math.Min(block.Size, view.Count - start));
                _blockStart = start;
            }

            return (int)(_row - start);
        }
    }
}
