using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;

namespace MLNetDeep.Transformers;

/// <summary>One row with a model's columns, for prediction engines: scored when first looked at.</summary>
internal sealed class ScoredRow : DataViewRow
{
    private readonly OutputBindings _bindings;
    private readonly DataViewRow _row;
    private readonly HashSet<int> _active;
    private readonly IExecutable? _executable;
    private readonly FeatureFeeder? _feeder;
    private readonly BatchScores? _scores;
    private long? _scored;
    private bool _disposed;

    public ScoredRow(OutputBindings bindings, DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns)
    {
        _bindings = bindings;
        _row = row;
        _active = [.. columns.Select(c => c.Index)];
        if (!columns.Any(bindings.IsOutput))
            return;
        Scorer scorer = bindings.Transformer.Scorer;
        _executable = scorer.Rent();
        _feeder = new(row, bindings.Features, bindings.Ids, scorer.Inputs, _executable, 1, bindings.Transformer.Task.IsPerToken);
        _scores = new(scorer, _executable, _feeder.Lengths) { Prepare = Score };
    }

    public override DataViewSchema Schema => _bindings.OutputSchema;

    public override long Position => _row.Position;

    public override long Batch => _row.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the row was made.");
        return _bindings.IsInput(column) ? _row.GetGetter<TValue>(_bindings.InputSchema[column.Index]) : _bindings.Getter<TValue>(column, _scores!);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _row.Dispose();
            if (_executable is not null)
                _bindings.Transformer.Scorer.Return(_executable);
        }

        base.Dispose(disposing);
    }

    private void Score()
    {
        if (_scored == _row.Position)
            return;
        _feeder!.Feed(0, 1);
        _executable!.Run(1);
        _scored = _row.Position;
    }
}
