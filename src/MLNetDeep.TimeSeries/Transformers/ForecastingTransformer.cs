using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.TimeSeries;
using MLNetDeep.Engines;
using MLNetDeep.Evaluation;
using MLNetDeep.TimeSeries.Interop;
using MLNetDeep.TimeSeries.Models;
using MLNetDeep.TimeSeries.Persistence;
using MLNetDeep.TimeSeries.Series;
using MLNetDeep.Training;
using MLNetDeep.Transformers;

namespace MLNetDeep.TimeSeries.Transformers;

/// <summary>
/// A trained forecaster and the steps of each series that it goes on from. ML.NET's <c>CreateTimeSeriesEngine</c> makes engines of it that take observations one by one, forecast,
/// and keep their state by <c>CheckPoint</c>.
/// </summary>
/// <remarks>
/// <see cref="Transform"/> adds to each row the forecast of the steps after it, from the rows up to it: those of the data, after those that the model knows already.
/// With a time column, a series whose first row does not come after what is known of it (or more than <c>LongestGap</c> after it) starts anew; without one, rows always go on from there, as they do with
/// ML.NET's <c>ForecastBySsa</c>. Rows for which less than a window is known get NaN. Data rows are read in order; any number of threads may read at once.
/// Where there are covariates of the horizon, rows at the end without a value only give these, the data is read twice, and a row whose horizon is not covered by later rows gets NaN.
/// </remarks>
public sealed class ForecastingTransformer : ICanSaveModel, IStatefulTransformer, IScoresOnEngine
{
    private readonly Dictionary<string, SeriesHistory> _state;

    internal ForecastingTransformer(ForecastModel model, Dictionary<string, SeriesHistory> state, string output, string? lower, string? upper)
    {
        Forecaster = model;
        _state = state;
        OutputColumn = output;
        LowerColumn = lower;
        UpperColumn = upper;
    }

    /// <summary>The network and its weights.</summary>
    public TrainedNetwork Model => Forecaster.Trained;

    /// <summary>What happened in training: loss by epoch.</summary>
    public History History => Model.History;

    /// <summary>The network.</summary>
    public Network Network => Model.Network;

    /// <summary>The series that the model knows; one empty name without a key column.</summary>
    public IReadOnlyCollection<string> SeriesKeys => _state.Keys;

    /// <summary>Steps of a forecast.</summary>
    public int Horizon => Forecaster.Settings.Horizon;

    /// <summary>The distance between steps; null without a time column.</summary>
    public TimeStep? Step => Forecaster.Settings.Step;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => false;

    internal ForecastModel Forecaster { get; }

    internal IReadOnlyDictionary<string, SeriesHistory> State => _state;

    internal string OutputColumn { get; }

    internal string? LowerColumn { get; }

    internal string? UpperColumn { get; }

    /// <summary>Forecasts each series from the last step that is known of it.</summary>
    /// <param name="horizon">Number of steps; at most the model's. Default: the model's.</param>
    /// <param name="confidenceLevel">Share of values that bounds should cover, between 0 and 1. Default: the model's.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    /// <exception cref="InvalidOperationException">Covariates of the horizon are not known; the series and steps are named.</exception>
    public IReadOnlyList<SeriesForecast> Forecast(int? horizon = null, float? confidenceLevel = null)
    {
        (int steps, double level) = CheckArguments(horizon, confidenceLevel);
        (SeriesHistory Series, int Origin)[] origins = [.. _state.Values.Select(s => (s, s.Origin))];
        foreach ((SeriesHistory series, int origin) in origins)
            RequireForecast(series, origin);
        return [.. origins.Zip(Forecaster.Forecast(origins, level)).Select(f => new SeriesForecast(
            f.First.Series.Key,
            f.First.Series.Start is null ? [] : [.. Enumerable.Range(1, steps).Select(h => f.First.Series.Time(f.First.Origin + h))],
            f.Second.Values[..steps],
            f.Second.Lower[..steps],
            f.Second.Upper[..steps]))];
    }

    /// <summary>The forecasts of <see cref="Forecast"/> with the steps that they follow, as MLNetDeep.Evaluation's report on forecasts takes them. What came of them is not known yet.</summary>
    /// <param name="horizon">Number of steps; at most the model's. Default: the model's.</param>
    /// <param name="confidenceLevel">Share of values that bounds should cover, between 0 and 1. Default: the model's.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    /// <exception cref="InvalidOperationException">Covariates of the horizon are not known; the series and steps are named.</exception>
    /// <example><c>EvaluationReport.OfForecasts(model.ToForecastSeries()).SaveHtml("forecast.html");</c></example>
    public IReadOnlyList<ForecastSeries> ToForecastSeries(int? horizon = null, float? confidenceLevel = null)
    {
        (_, double level) = CheckArguments(horizon, confidenceLevel);
        return
        [
            .. _state.Values.Zip(Forecast(horizon, confidenceLevel), (series, forecast) => new ForecastSeries(
                series.Key.Length > 0 ? series.Key : OutputColumn,
                series.Values[..(series.Origin + 1)].ToArray(),
                [.. forecast.Values.Select(v => (double)v)],
                [.. forecast.Values.Select(_ => double.NaN)])
            {
                Lower = [.. forecast.Lower.Select(v => (double)v)],
                Upper = [.. forecast.Upper.Select(v => (double)v)],
                Confidence = level,
            }),
        ];
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of another type than in training.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ForecastBindings(this, inputSchema).OutputSchema;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of another type than in training.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ForecastView(input, new(this, input.Schema));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always: a forecast depends on the rows before.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        throw new InvalidOperationException("A forecast depends on the rows before it: use CreateTimeSeriesEngine in place of CreatePredictionEngine.");

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx) => ForecastingInternals.Save(ctx, stream => ForecastingFile.Write(this, stream));

    /// <inheritdoc/>
    IRowToRowMapper IStatefulTransformer.GetStatefulRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ForecastRowMapper(new(this, inputSchema), _state);
    }

    /// <inheritdoc/>
    IStatefulTransformer IStatefulTransformer.Clone() =>
        new ForecastingTransformer(Forecaster, _state.ToDictionary(s => s.Key, s => s.Value.Copy(), StringComparer.Ordinal), OutputColumn, LowerColumn, UpperColumn);

    ITransformer IScoresOnEngine.On(IEngine engine) => new ForecastingTransformer(
        Forecaster.With(Forecaster.Intervals, engine), _state.ToDictionary(s => s.Key, s => s.Value.Copy(), StringComparer.Ordinal), OutputColumn, LowerColumn, UpperColumn);

    internal (int Steps, double Level) CheckArguments(int? horizon, float? confidenceLevel)
    {
        if (horizon is { } steps && (steps < 1 || steps > Horizon))
            throw new ArgumentOutOfRangeException(nameof(horizon), steps, $"The horizon is {steps}, expected 1 to {Horizon}: the model was trained to forecast so many steps at once.");
        if (confidenceLevel is { } level && level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidenceLevel), level, "A confidence level lies between 0 and 1.");
        return (horizon ?? Horizon, confidenceLevel ?? Forecaster.Level);
    }

    internal void RequireForecast(SeriesHistory series, int origin)
    {
        SeriesSettings settings = Forecaster.Settings;
        if (Forecaster.Windows.CanForecast(series, origin))
            return;
        if (origin < settings.Needed - 1)
            throw new InvalidOperationException($"{settings.Describe(series.Key)} has {origin + 1} steps, but a forecast needs {settings.Needed}.");
        string from = series.Start is null ? "" : $" from {SeriesHistory.Text(series.Time(origin + 1))} on";
        throw new InvalidOperationException(
            $"{settings.Describe(series.Key)} needs {string.Join(", ", settings.FutureCovariates)} for the {settings.Horizon} steps{from}, but has them for {series.Count - 1 - origin}: give rows with these columns, and NaN as value.");
    }

    /// <exception cref="InvalidOperationException">The model does not know the series.</exception>
    internal SeriesHistory StateOf(string key) => _state.TryGetValue(key, out SeriesHistory? history) ? history : throw new InvalidOperationException(
        $"The series '{key}' is unknown: the model was trained on {string.Join(", ", _state.Keys.Take(5).Select(k => $"'{k}'"))}{(_state.Count > 5 ? $" and {_state.Count - 5} more" : "")}.");
}
