using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;

namespace MLNetDeep.Generation.Tabular;

/// <summary>Rows of a table that are made while they are read, a few hundred at a time.</summary>
internal sealed class GeneratedTable : IDataView
{
    private const int BlockRows = 256;

    // How often a row that is not as asked for is made again before it is simply said to be so.
    private const int Attempts = 50;

    private readonly TabularTransformer _model;
    private readonly long _count;
    private readonly int _seed;
    private readonly int? _condition;

    /// <param name="model">What makes the rows.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="seed">Seed of all that is drawn.</param>
    /// <param name="condition">The place in a condition that all rows are to be; null for rows as frequent as in training.</param>
    public GeneratedTable(TabularTransformer model, long count, int seed, int? condition)
    {
        (_model, _count, _seed, _condition) = (model, count, seed, condition);
        Schema = model.Encoding.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, [.. columnsNeeded.Select(c => c.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly GeneratedTable _owner;
        private readonly TableEncoding _encoding;
        private readonly HashSet<int> _active;
        private readonly IExecutable _executable;
        private readonly TableMaker _maker;
        private readonly int[] _choices, _place = new int[BlockRows];
        private readonly float[] _numbers;
        private readonly long[] _rows = new long[BlockRows];
        private readonly double[] _cells;
        private long _row = -1, _blockStart = -1;
        private bool _disposed;

        public Cursor(GeneratedTable owner, HashSet<int> active)
        {
            (_owner, _encoding, _active) = (owner, owner._model.Encoding, active);
            int cells = BlockRows * _encoding.Fields.Length;
            (_choices, _numbers, _cells) = (new int[cells], new float[cells], new double[cells]);
            _executable = owner._model.Generator.Rent();
            _maker = owner._model.CreateMaker(_executable);
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
            TableColumn own = _encoding.Columns[column.Index];
            int first = _encoding.FirstField[column.Index], fields = _encoding.Fields.Length;
            return own.Codec.CreateGetter(own.Type is VectorDataViewType ? own.Size : null, slot => _cells[(Prepare() * fields) + first + slot], own.Texts) as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}' has type {column.Type}; a getter of {typeof(TValue)} was asked for.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                _owner._model.Generator.Return(_executable);
            }

            base.Dispose(disposing);
        }

        // Sees to it that the block with the present row has been made; the row's place in it.
        private int Prepare()
        {
            if (_disposed || Position < 0)
                throw new InvalidOperationException("The cursor is not on a row: call MoveNext, and read while it returns true.");
            long start = _row - (_row % BlockRows);
            if (start != _blockStart)
                Make(start);
            return (int)(_row - start);
        }

        private void Make(long start)
        {
            int count = (int)Math.Min(BlockRows, _owner._count - start), fields = _encoding.Fields.Length;
            (int Field, int Choice)? wanted = _owner._condition is { } place ? _encoding.OfCondition(place) : null;
            int open = count;
            for (int i = 0; i < count; i++)
                _place[i] = i;
            for (int attempt = 0; open > 0; attempt++)
            {
                for (int i = 0; i < open; i++)
                    _rows[i] = start + _place[i];
                _maker.Make(_rows.AsSpan(0, open), _owner._seed, attempt, _owner._condition, _choices, _numbers);
                int left = 0;
                for (int i = 0; i < open; i++)
                {
                    Span<int> choices = _choices.AsSpan(i * fields, fields);
                    if (wanted is { } want && choices[want.Field] != want.Choice)
                    {
                        if (attempt < Attempts)
                        {
                            _place[left++] = _place[i];
                            continue;
                        }

                        choices[want.Field] = want.Choice;
                    }

                    for (int f = 0; f < fields; f++)
                        _cells[(_place[i] * fields) + f] = _encoding.Fields[f].Decode(choices[f], _numbers[(i * fields) + f]);
                }

                open = left;
            }

            _blockStart = start;
        }
    }
}
