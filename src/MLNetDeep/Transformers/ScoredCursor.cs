using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;

namespace MLNetDeep.Transformers;

/// <summary>
/// Reads rows and, where a column of the model is asked for, scores them a batch at a time: a second cursor over the
/// same rows runs ahead and collects features.
/// </summary>
internal sealed class ScoredCursor : DataViewRowCursor
{
    private const int BatchSize = 128;

    private readonly OutputBindings _bindings;
    private readonly HashSet<int> _active;
    private readonly DataViewRowCursor _rows;
    private readonly DataViewRowCursor? _ahead;
    private readonly IExecutable? _executable;
    private readonly FeatureFeeder? _feeder;
    private readonly BatchScores? _scores;
    private int _held;
    private bool _disposed;

    public ScoredCursor(IDataView source, OutputBindings bindings, IReadOnlyList<DataViewSchema.Column> columns, Random? random)
    {
        _bindings = bindings;
        _active = [.. columns.Select(c => c.Index)];
        bool scores = columns.Any(bindings.IsOutput);

        // Both cursors must meet the rows in the same order.
        int? seed = scores ? random?.Next() : null;
        Random? Order() => seed is { } s ? new Random(s) : random;
        _rows = source.GetRowCursor(columns.Where(bindings.IsInput).Select(c => source.Schema[c.Index]), Order());
        if (!scores)
            return;
        _ahead = source.GetRowCursor(bindings.FeatureColumns.DistinctBy(c => c.Index), Order());
        Scorer scorer = bindings.Transformer.Scorer;
        _executable = scorer.Rent();
        _feeder = new(_ahead, bindings.Features, scorer.Inputs, _executable);
        _scores = new(scorer, _executable);
    }

    public override DataViewSchema Schema => _bindings.OutputSchema;

    public override long Position => _rows.Position;

    public override long Batch => _rows.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _rows.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
        return _bindings.IsInput(column) ? _rows.GetGetter<TValue>(_bindings.InputSchema[column.Index]) : _bindings.Getter<TValue>(column, _scores!);
    }

    public override bool MoveNext()
    {
        if (_disposed || !_rows.MoveNext())
            return false;
        if (_scores is null)
            return true;
        if (++_scores.Row >= _held)
            ScoreNext();
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _rows.Dispose();
            _ahead?.Dispose();
            if (_executable is not null)
                _bindings.Transformer.Scorer.Return(_executable);
        }

        base.Dispose(disposing);
    }

    private void ScoreNext()
    {
        _held = 0;
        while (_held < BatchSize && _ahead!.MoveNext())
            _feeder!.Feed(_held++, BatchSize);
        if (_held == 0)
            throw new InvalidOperationException("The data gave fewer rows the second time it was read: a model can score only data that stays the same.");
        _executable!.Run(_held);
        _scores!.Row = 0;
    }
}
