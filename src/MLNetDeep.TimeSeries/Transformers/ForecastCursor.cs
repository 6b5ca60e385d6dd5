using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.TimeSeries.Models;
using MLNetDeep.TimeSeries.Series;
using MLNetDeep.Transformers;

namespace MLNetDeep.TimeSeries.Transformers;

/// <summary>Reads rows and, where a forecast is asked for, scores them a batch at a time: it reads on by a batch and keeps what else was asked for of those rows.</summary>
internal sealed class ForecastCursor : DataViewRowCursor
{
    private readonly ForecastBindings _bindings;
    private readonly HashSet<int> _active;
    private readonly DataViewRowCursor _rows;
    private readonly Batched? _batch;
    private bool _disposed;

    public ForecastCursor(IDataView source, ForecastBindings bindings, IReadOnlyList<DataViewSchema.Column> columns)
    {
        _bindings = bindings;
        _active = [.. columns.Select(c => c.Index)];
        bool forecasts = columns.Any(bindings.IsOutput);
        SeriesFollower? ahead = forecasts && bindings.Transformer.Forecaster.Settings.NeedsFutureRows ? ReadAhead(source, bindings) : null;
        _rows = source.GetRowCursor(bindings.Dependencies(columns));
        if (forecasts)
            _batch = new(bindings, _rows, [.. columns.Where(bindings.IsInput).DistinctBy(c => c.Index).Select(c => bindings.InputSchema[c.Index])], ahead);
    }

    public override DataViewSchema Schema => _bindings.OutputSchema;

    public override long Position => _batch is null ? _rows.Position : _batch.Rows.Position;

    public override long Batch => 0;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _batch is null ? _rows.GetIdGetter() : _batch.Rows.IdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
        if (_bindings.IsOutput(column))
            return _bindings.Getter<TValue>(column, _batch!.Forecast);
        return _batch is null ? _rows.GetGetter<TValue>(_bindings.InputSchema[column.Index]) : _batch.Rows.Getter<TValue>(_bindings.InputSchema[column.Index]);
    }

    public override bool MoveNext() => !_disposed && (_batch is null ? _rows.MoveNext() : _batch.Rows.MoveNext());

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

    private static SeriesFollower ReadAhead(IDataView source, ForecastBindings bindings)
    {
        SeriesFollower follower = new(bindings.Transformer, keepAll: true);
        using DataViewRowCursor cursor = source.GetRowCursor(bindings.SeriesColumns);
        SeriesRowReader reader = new(cursor, bindings.Transformer.Forecaster.Settings);
        while (cursor.MoveNext())
        {
            reader.Read();
            follower.Take(reader);
        }

        return follower;
    }

    // Rows that have been read and scored.
    private sealed class Batched : IDisposable
    {
        private readonly ForecastingTransformer _transformer;
        private readonly SeriesRowReader _reader;
        private readonly SeriesFollower _follower;
        private readonly SeriesFollower? _ahead;
        private readonly ForecastBatch _batch;
        private readonly int[] _scored;
        private readonly ForecastNumbers _numbers;
        private readonly double _factor;
        private int _read = -1;

        public Batched(ForecastBindings bindings, DataViewRowCursor rows, IReadOnlyList<DataViewSchema.Column> kept, SeriesFollower? ahead)
        {
            _transformer = bindings.Transformer;
            ForecastModel model = _transformer.Forecaster;
            _reader = new(rows, model.Settings);
            _follower = new(_transformer, keepAll: false);
            _ahead = ahead;

            // What cannot be kept must be read while the cursor stands on its row.
            int capacity = kept.All(c => HeldColumn.CanHold(c.Type)) ? ForecastModel.Batch : 1;
            _batch = new(model, capacity);
            _scored = new int[capacity];
            _numbers = new(model.Settings.Horizon);
            _factor = model.Intervals.Factor(model.Level);
            Rows = new(rows, kept, capacity, Take, _ => _batch.Run());
        }

        public HeldRows Rows { get; }

        public (ForecastNumbers Numbers, int Steps) Forecast()
        {
            int row = Rows.Index;
            if (_read != row)
            {
                if (_scored[row] < 0)
                    _numbers.Clear();
                else
                    _batch.Read(_scored[row], _factor, _numbers);
                _read = row;
            }

            return (_numbers, _transformer.Horizon);
        }

        public void Dispose()
        {
            Rows.Clear();
            _batch.Dispose();
        }

        private void Take(int row)
        {
            if (row == 0)
            {
                _batch.Clear();
                _read = -1;
            }

            _scored[row] = Place();
        }

        // The present row's place among those to be scored; -1 where not enough is known for a forecast.
        private int Place()
        {
            _reader.Read();
            SeriesHistory series = _follower.Take(_reader);
            int origin = series.Origin;
            SeriesHistory future = _ahead?[_reader.Key] ?? series;
            int futureOrigin = (int)(series.Dropped + origin - future.Dropped);
            return origin >= _transformer.Forecaster.Settings.Needed - 1 && _transformer.Forecaster.Windows.CanForecast(future, futureOrigin)
                ? _batch.Add(series, origin, future, futureOrigin)
                : -1;
        }
    }
}
