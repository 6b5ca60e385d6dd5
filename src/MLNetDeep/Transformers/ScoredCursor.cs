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

    public override long Position => _batch is null ? _rows.Position : _batch.Rows.Position;

    public override long Batch => _batch is null ? _rows.Batch : _batch.Rows.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _batch is null ? _rows.GetIdGetter() : _batch.Rows.IdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
        if (_bindings.IsOutput(column))
            return _bindings.Getter<TValue>(column, _batch!.Scores);
        return _batch is null ? _rows.GetGetter<TValue>(_bindings.InputSchema[column.Index]) : _batch.Rows.Getter<TValue>(_bindings.InputSchema[column.Index]);
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
        private readonly Scorer _scorer;
        private readonly IExecutable _executable;

        public Batched(OutputBindings bindings, DataViewRowCursor rows, IReadOnlyList<DataViewSchema.Column> kept)
        {
            int capacity = RowsThatFit(kept);
            _scorer = bindings.Transformer.Scorer;
            _executable = _scorer.Rent();
            FeatureFeeder feeder = new(rows, bindings.Features, bindings.Ids, _scorer.Inputs, _executable, capacity, bindings.Transformer.Task.IsPerToken);
            Rows = new(rows, kept, capacity, row => feeder.Feed(row, capacity), _executable.Run);
            Scores = new(_scorer, _executable, feeder.Lengths) { Row = -1, Prepare = () => _ = Rows.Index };
        }

        public HeldRows Rows { get; }

        public BatchScores Scores { get; }

        public bool MoveNext()
        {
            bool moved = Rows.MoveNext();
            Scores.Row = Rows.Row;
            return moved;
        }

        public void Dispose()
        {
            Rows.Clear();
            _scorer.Return(_executable);
        }
    }
}
