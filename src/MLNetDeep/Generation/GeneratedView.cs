using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Generation;

/// <summary>Rows that a model makes while they are read, a block at a time.</summary>
internal sealed class GeneratedView : IDataView
{
    private readonly GeneratingTransformer _model;
    private readonly long _count;
    private readonly int _seed;
    private readonly double[] _shares;
    private readonly int? _pathSteps;

    /// <param name="model">What makes the rows.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="seed">Seed of latent vectors and classes.</param>
    /// <param name="shares">What share of the rows are of each class; empty without classes.</param>
    /// <param name="pathSteps">Rows of a way from one latent vector to another; null for vectors that have nothing to do with each other.</param>
    public GeneratedView(GeneratingTransformer model, long count, int seed, double[] shares, int? pathSteps = null)
    {
        (_model, _count, _seed, _shares, _pathSteps) = (model, count, seed, shares, pathSteps);
        Schema = model.Columns.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, [.. columnsNeeded.Select(c => c.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly GeneratedView _owner;
        private readonly HashSet<int> _active;
        private readonly RowMaker _maker;
        private long _row = -1, _blockStart = -1;
        private bool _disposed;

        public Cursor(GeneratedView owner, HashSet<int> active)
        {
            (_owner, _active) = (owner, active);
            _maker = new(owner._model.Decoder, owner._seed, owner._shares, owner._pathSteps);
        }

        public override DataViewSchema Schema => _owner.Schema;

        public override long Position => _row < _owner._count ? _row : -1;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_disposed || _row >= _owner._count)
                return false;
            return ++_row < _owner._count;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)Position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
            Delegate getter = column.Type is VectorDataViewType ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                Span<float> row = _maker.Row(Prepare());
                VBufferEditor<float> editor = VBufferEditor.Create(ref value, row.Length);
                row.CopyTo(editor.Values);
                value = editor.Commit();
            })
            : column.Type.RawType == typeof(byte) ? (ValueGetter<byte>)((ref byte value) => value = (byte)Key())
            : column.Type.RawType == typeof(ushort) ? (ValueGetter<ushort>)((ref ushort value) => value = (ushort)Key())
            : column.Type.RawType == typeof(uint) ? (ValueGetter<uint>)((ref uint value) => value = (uint)Key())
            : (ValueGetter<ulong>)((ref ulong value) => value = (ulong)Key());
            return getter as ValueGetter<TValue> ?? throw new InvalidOperationException($"Column '{column.Name}' has type {column.Type}; a getter of {typeof(TValue)} was asked for.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                _maker.Dispose();
            }

            base.Dispose(disposing);
        }

        private int Key() => _maker.Class(Prepare()) + 1;

        // Sees to it that the block with the present row has been made; the row's place in it.
        private int Prepare()
        {
            if (_disposed || Position < 0)
                throw new InvalidOperationException("The cursor is not on a row: call MoveNext, and read while it returns true.");
            long start = _row - (_row % RowMaker.BlockRows);
            if (start != _blockStart)
            {
                int count = (int)Math.Min(RowMaker.BlockRows, _owner._count - start);
                _maker.Make(start, count);
                for (int i = 0; i < count; i++)
                    _owner._model.Columns.Range.Stretch(_maker.Row(i));
                _blockStart = start;
            }

            return (int)(_row - start);
        }
    }
}
