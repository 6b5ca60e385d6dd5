using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.TimeSeries;
using MLNetDeep.TimeSeries.Interop;
using MLNetDeep.TimeSeries.Models;
using MLNetDeep.TimeSeries.Series;

namespace MLNetDeep.TimeSeries.Transformers;

/// <summary>Adds forecasts to rows that come one by one, and moves the series on with each: what ML.NET's time series engine works with.</summary>
internal sealed class ForecastRowMapper(ForecastBindings bindings, Dictionary<string, SeriesHistory> state) : IRowToRowMapper
{
    public DataViewSchema InputSchema => bindings.InputSchema;

    public DataViewSchema OutputSchema => bindings.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => bindings.Dependencies(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new ForecastRow(bindings, state, input, [.. activeColumns]);

    private sealed class ForecastRow : ForecastRowBase
    {
        private readonly ForecastBindings _bindings;
        private readonly Dictionary<string, SeriesHistory> _state;
        private readonly DataViewRow _row;
        private readonly HashSet<int> _active;
        private readonly SeriesRowReader _reader;
        private readonly ForecastBatch _batch;
        private readonly ForecastNumbers _numbers;
        private SeriesHistory? _series;
        private long _taken = -1;
        private int _steps;
        private double _level;
        private bool _isScored, _disposed;

        public ForecastRow(ForecastBindings bindings, Dictionary<string, SeriesHistory> state, DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns)
        {
            _bindings = bindings;
            _state = state;
            _row = row;
            _active = [.. columns.Select(c => c.Index)];
            ForecastModel model = bindings.Transformer.Forecaster;
            _reader = new(row, model.Settings);
            _batch = new(model, 1);
            _numbers = new(model.Settings.Horizon);
            _series = state.Count == 1 ? state.Values.Single() : null;
            (_steps, _level) = bindings.Transformer.CheckArguments(null, null);
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
            return _bindings.IsInput(column) ? _row.GetGetter<TValue>(_bindings.InputSchema[column.Index]) : _bindings.Getter<TValue>(column, Forecast);
        }

        protected override void Observe(long position, bool isObservation, int? horizon, float? confidenceLevel)
        {
            (_steps, _level) = _bindings.Transformer.CheckArguments(horizon, confidenceLevel);
            _isScored = false;

            // The engine tells of an observation as often as there are steps in the pipeline around this one.
            if (!isObservation || position == _taken)
                return;
            _reader.Read();
            SeriesHistory series = _bindings.Transformer.StateOf(_reader.Key);
            series.Append(_reader.Time, _reader.Value, _reader.Covariates);
            series.Trim();
            _series = series;
            _taken = position;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                _row.Dispose();
                _batch.Dispose();
            }

            base.Dispose(disposing);
        }

        private (ForecastNumbers Numbers, int Steps) Forecast()
        {
            if (_isScored)
                return (_numbers, _steps);
            SeriesHistory series = _series ?? throw new InvalidOperationException(
                $"The model knows {_state.Count} series; give an example of the one to forecast first, or ask the model for a Forecast() of all.");
            int origin = series.Origin;
            _bindings.Transformer.RequireForecast(series, origin);
            _batch.Clear();
            _batch.Add(series, origin, series, origin);
            _batch.Run();
            _batch.Read(0, _bindings.Transformer.Forecaster.Intervals.Factor(_level), _numbers);
            _isScored = true;
            return (_numbers, _steps);
        }
    }
}
