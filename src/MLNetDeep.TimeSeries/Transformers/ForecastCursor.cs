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

    public override long Position => _batch is null ? _rows.Position : _batch.Position;

    public override long Batch => 0;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _batch is null ? _rows.GetIdGetter() : _batch.IdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
        if (_bindings.IsOutput(column))
            return _bindings.Getter<TValue>(column, _batch!.Forecast);
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
        private readonly DataViewRowCursor _rows;
        private readonly SeriesRowReader _reader;
        private readonly SeriesFollower _follower;
        private readonly SeriesFollower? _ahead;
        private readonly ForecastBatch _batch;
        private readonly Dictionary<int, HeldColumn> _columns;
        private readonly ValueGetter<DataViewRowId> _idGetter;
        private readonly DataViewRowId[] _ids;
        private readonly long[] _positions;
        private readonly int[] _scored;
        private readonly ForecastNumbers _numbers;
        private readonly double _factor;
        private readonly int _capacity;
        private int _row = -1, _held, _read = -1;

        public Batched(ForecastBindings bindings, DataViewRowCursor rows, IReadOnlyList<DataViewSchema.Column> kept, SeriesFollower? ahead)
        {
            _transformer = bindings.Transformer;
            ForecastModel model = _transformer.Forecaster;
            _rows = rows;
            _reader = new(rows, model.Settings);
            _follower = new(_transformer, keepAll: false);
            _ahead = ahead;

            // What cannot be kept must be read while the cursor stands on its row.
            _capacity = kept.All(c => HeldColumn.CanHold(c.Type)) ? ForecastModel.Batch : 1;
            _columns = _capacity == 1 ? [] : kept.ToDictionary(c => c.Index, c => HeldColumn.Create(rows, c, _capacity));
            _batch = new(model, _capacity);
            _idGetter = rows.GetIdGetter();
            _ids = new DataViewRowId[_capacity];
            _positions = new long[_capacity];
            _scored = new int[_capacity];
            _numbers = new(model.Settings.Horizon);
            _factor = model.Intervals.Factor(model.Level);
        }

        public long Position => OnRow ? _positions[_row] : -1;

        private bool OnRow => (uint)_row < (uint)_held;

        private int Index => OnRow ? _row : throw new InvalidOperationException("The cursor is not on a row: call MoveNext, and read while it returns true.");

        public ValueGetter<DataViewRowId> IdGetter() => (ref DataViewRowId value) => value = _ids[Index];

        public ValueGetter<T> Getter<T>(DataViewSchema.Column column)
        {
            if (_capacity == 1)
                return _rows.GetGetter<T>(column);
            return _columns[column.Index].CreateGetter(() => Index) as ValueGetter<T>
                ?? throw new InvalidOperationException($"Column '{column.Name}' has type {column.Type}; a getter of {typeof(T)} was asked for.");
        }

        public (ForecastNumbers Numbers, int Steps) Forecast()
        {
            int row = Index;
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

        public bool MoveNext()
        {
            if (++_row < _held)
                return true;
            _row = _held = 0;
            _read = -1;
            _batch.Clear();
            int held = 0;
            while (held < _capacity && _rows.MoveNext())
            {
                foreach (HeldColumn column in _columns.Values)
                    column.Hold(held);
                _idGetter(ref _ids[held]);
                _positions[held] = _rows.Position;
                _scored[held++] = Take();
            }

            _batch.Run();
            _held = held;
            return held > 0;
        }

        public void Dispose()
        {
            _held = 0;
            _batch.Dispose();
        }

        // The present row's place among those to be scored; -1 where not enough is known for a forecast.
        private int Take()
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
