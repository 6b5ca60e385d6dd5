using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;

namespace MLNetDeep.Transformers;

/// <summary>
/// Reads rows and, where a column of the model is asked for, scores them a batch at a time: it reads on by a batch and keeps
/// what else was asked for of those rows. The data is read once, so scores belong to their rows even where a second reading
/// would give the rows in another order.
/// </summary>
internal sealed class ScoredCursor : DataViewRowCursor
{
    private const int MostRows = 128;

    // Elements to keep of the other columns; rows of large vectors are scored fewer at a time.
    private const int MostElements = 1 << 20, ElementsOfUnknown = 1 << 10;

    private readonly OutputBindings _bindings;
    private readonly HashSet<int> _active;
    private readonly DataViewRowCursor _rows;
    private readonly Batched? _batch;
    private bool _disposed;

    public ScoredCursor(IDataView source, OutputBindings bindings, IReadOnlyList<DataViewSchema.Column> columns, Random? random)
    {
        _bindings = bindings;
        _active = [.. columns.Select(c => c.Index)];
        _rows = source.GetRowCursor(bindings.Dependencies(columns), random);
        if (columns.Any(bindings.IsOutput))
            _batch = new(bindings, _rows, [.. columns.Where(bindings.IsInput).DistinctBy(c => c.Index).Select(c => bindings.InputSchema[c.Index])]);
    }

    public override DataViewSchema Schema => _bindings.OutputSchema;

    public override long Position => _batch is null ? _rows.Position : _batch.Position;

    public override long Batch => _batch is null ? _rows.Batch : _batch.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _batch is null ? _rows.GetIdGetter() : _batch.IdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
        if (_bindings.IsOutput(column))
            return _bindings.Getter<TValue>(column, _batch!.Scores);
        return _batch is null ? _rows.GetGetter<TValue>(_bindings.InputSchema[column.Index]) : _batch.Getter<TValue>(_bindings.InputSchema[column.Index]);
    }

    public override bool MoveNext() => !_disposed && (_batch is null ? _rows.MoveNext() : _batch.MoveNext());

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _rows.Dispose();
            _batch?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static int RowsThatFit(IEnumerable<DataViewSchema.Column> kept)
    {
        long elements = 1;
        foreach (DataViewSchema.Column column in kept)
        {
            if (!HeldColumn.CanHold(column.Type))
                return 1;
            elements += column.Type is VectorDataViewType vector ? vector.Size > 0 ? vector.Size : ElementsOfUnknown : 1;
        }

        return (int)Math.Clamp(MostElements / elements, 1, MostRows);
    }

    // Rows that have been read and scored.
    private sealed class Batched : IDisposable
    {
        private readonly DataViewRowCursor _rows;
        private readonly Scorer _scorer;
        private readonly IExecutable _executable;
        private readonly FeatureFeeder _feeder;
        private readonly Dictionary<int, HeldColumn> _columns;
        private readonly ValueGetter<DataViewRowId> _idGetter;
        private readonly DataViewRowId[] _ids;
        private readonly long[] _positions, _batches;
        private readonly int _capacity;
        private int _held;

        public Batched(OutputBindings bindings, DataViewRowCursor rows, IReadOnlyList<DataViewSchema.Column> kept)
        {
            _rows = rows;
            _capacity = RowsThatFit(kept);

            // A batch of one row is the row that the cursor stands on: nothing needs to be kept.
            _columns = _capacity == 1 ? [] : kept.ToDictionary(c => c.Index, c => HeldColumn.Create(rows, c, _capacity));
            _idGetter = rows.GetIdGetter();
            _ids = new DataViewRowId[_capacity];
            _positions = new long[_capacity];
            _batches = new long[_capacity];
            _scorer = bindings.Transformer.Scorer;
            _executable = _scorer.Rent();
            _feeder = new(rows, bindings.Features, bindings.Ids, _scorer.Inputs, _executable, _capacity, bindings.Transformer.Task.IsPerToken);
            Scores = new(_scorer, _executable, _feeder.Lengths) { Row = -1, Prepare = () => _ = Index };
        }

        public BatchScores Scores { get; }

        public long Position => OnRow ? _positions[Scores.Row] : -1;

        public long Batch => OnRow ? _batches[Scores.Row] : 0;

        private bool OnRow => (uint)Scores.Row < (uint)_held;

        private int Index => OnRow ? Scores.Row : throw new InvalidOperationException("The cursor is not on a row: call MoveNext, and read while it returns true.");

        public ValueGetter<DataViewRowId> IdGetter() => (ref DataViewRowId value) => value = _ids[Index];

        public ValueGetter<T> Getter<T>(DataViewSchema.Column column)
        {
            if (_capacity == 1)
                return _rows.GetGetter<T>(column);
            return _columns[column.Index].CreateGetter(() => Index) as ValueGetter<T>
                ?? throw new InvalidOperationException($"Column '{column.Name}' has type {column.Type}; a getter of {typeof(T)} was asked for.");
        }

        public bool MoveNext()
        {
            if (++Scores.Row < _held)
                return true;
            Scores.Row = _held = 0;
            int held = 0;
            while (held < _capacity && _rows.MoveNext())
            {
                foreach (HeldColumn column in _columns.Values)
                    column.Hold(held);
                _idGetter(ref _ids[held]);
                _positions[held] = _rows.Position;
                _batches[held] = _rows.Batch;
                _feeder.Feed(held++, _capacity);
            }

            if (held > 0)
                _executable.Run(held);
            _held = held;
            return held > 0;
        }

        public void Dispose()
        {
            _held = 0;
            _scorer.Return(_executable);
        }
    }
}
