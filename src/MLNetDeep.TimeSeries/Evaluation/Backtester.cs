using System.Globalization;
using Microsoft.ML;
using MLNetDeep.TimeSeries.Estimators;
using MLNetDeep.TimeSeries.Models;
using MLNetDeep.TimeSeries.Series;
using MLNetDeep.TimeSeries.Transformers;

namespace MLNetDeep.TimeSeries.Evaluation;

/// <summary>Forecasts from several origins in the past by what was known there, and looks at what came.</summary>
internal static class Backtester
{
    public static BacktestResult Run(IDataView data, ForecastingEstimator estimator, int origins, int? stride, int? seasonLength, bool refit)
    {
        SeriesTable table = SeriesTable.Read(data, estimator.Settings, estimator.CancellationToken);
        SeriesSettings settings = table.Settings;
        int horizon = settings.Horizon, step = stride ?? horizon, season = seasonLength ?? SeasonOf(settings.Step);
        if (origins < 1)
            throw new ArgumentOutOfRangeException(nameof(origins), origins, "A backtest needs at least 1 origin.");
        if (step < 1)
            throw new ArgumentOutOfRangeException(nameof(stride), step, "Origins must be at least 1 step apart.");
        if (season < 1)
            throw new ArgumentOutOfRangeException(nameof(seasonLength), season, "A season has at least 1 step.");
        foreach (SeriesHistory series in table.Series)
        {
            int known = Known(series, 0), needed = Math.Max(settings.Needed + horizon, season + 1);
            if (known < needed)
                throw new ArgumentException($"{settings.Describe(series.Key)} has {series.Origin + 1} steps with values; {origins} origins {step} steps apart leave {Math.Max(known, 0)} to learn from at the first, but {needed} are needed.");
        }

        Scores model = new(estimator.Level, horizon), naive = new(estimator.Level, horizon), seasonal = new(estimator.Level, horizon);
        ForecastingTransformer? trained = null;
        for (int origin = 0; origin < origins; origin++)
        {
            estimator.CancellationToken.ThrowIfCancellationRequested();
            SeriesTable before = table.Until(s => Known(s, origin));
            if (refit || trained is null)
                trained = estimator.Fit(before, string.Create(CultureInfo.InvariantCulture, $"origin-{origin + 1}"));
            using ForecastBatch batch = new(trained.Forecaster, before.Series.Count);
            foreach ((SeriesHistory known, SeriesHistory all) in before.Series.Zip(table.Series))
            {
                if (!trained.Forecaster.Windows.CanForecast(all, known.Count - 1))
                    throw new ArgumentException($"{settings.Describe(all.Key)} has no rows with {string.Join(", ", settings.FutureCovariates)} for all steps of the last horizon.");
                batch.Add(known, known.Count - 1, all, known.Count - 1);
            }

            batch.Run();
            double factor = trained.Forecaster.Intervals.Factor(estimator.Level);
            for (int i = 0; i < before.Series.Count; i++)
            {
                SeriesHistory known = before.Series[i], all = table.Series[i];
                ForecastNumbers numbers = new(horizon);
                batch.Read(i, factor, numbers);
                double scale = NaiveForecaster.MeanError(known.Values, season);
                double[] history = known.Values.ToArray();
                model.Add(all, history, numbers, scale);
                naive.Add(all, history, NaiveForecaster.Forecast(history, 1, estimator.Level, horizon), scale);
                seasonal.Add(all, history, NaiveForecaster.Forecast(history, season, estimator.Level, horizon), scale);
            }
        }

        return new(estimator.Level, season, model.Result(), naive.Result(), seasonal.Result());

        int Known(SeriesHistory series, int origin) => (int)Math.Max(series.Origin + 1 - horizon - ((long)(origins - 1 - origin) * step), 0);
    }

    private static int SeasonOf(TimeStep? step) => step switch
    {
        null => 1,
        { MonthCount: > 0 and var months } => Math.Max(1, 12 / months),
        { Span.TotalDays: >= 7 } => Math.Max(1, (int)Math.Round(365.25 / step.Value.Span.TotalDays)),
        { Span.TotalDays: >= 1 } => Math.Max(1, (int)(7 / step.Value.Span.TotalDays)),
        _ => Math.Max(1, (int)(1 / step.Value.Span.TotalDays)),
    };

    private sealed class Scores(double level, int horizon)
    {
        private readonly MetricSums _overall = new(level);
        private readonly Dictionary<string, MetricSums> _series = new(StringComparer.Ordinal);
        private readonly MetricSums[] _steps = [.. Enumerable.Range(0, horizon).Select(_ => new MetricSums(level))];
        private readonly List<BacktestForecast> _forecasts = [];

        public void Add(SeriesHistory series, double[] history, ForecastNumbers numbers, double scale)
        {
            int known = history.Length;
            if (!_series.TryGetValue(series.Key, out MetricSums? own))
                _series.Add(series.Key, own = new(level));
            float[] actual = new float[horizon];
            for (int h = 0; h < horizon; h++)
            {
                bool observed = series.Observed[known + h];
                actual[h] = observed ? (float)series.Values[known + h] : float.NaN;
                if (!observed)
                    continue;
                foreach (MetricSums sums in new[] { _overall, own, _steps[h] })
                    sums.Add(series.Values[known + h], numbers.Values[h], numbers.Lower[h], numbers.Upper[h], scale);
            }

            DateTime[] times = series.Start is null ? [] : [.. Enumerable.Range(known, horizon).Select(series.Time)];
            _forecasts.Add(new(known, new(series.Key, times, numbers.Values, numbers.Lower, numbers.Upper), actual) { History = history });
        }

        public ForecasterScore Result() => new(_overall.Result(), _series.ToDictionary(s => s.Key, s => s.Value.Result(), StringComparer.Ordinal), [.. _steps.Select(s => s.Result())], _forecasts);
    }
}
