using Microsoft.ML;
using MLNetDeep.Evaluation;
using MLNetDeep.TimeSeries.Evaluation;
using MLNetDeep.TimeSeries.Models;
using MLNetDeep.TimeSeries.Tests.Support;
using MLNetDeep.TimeSeries.Transformers;

namespace MLNetDeep.TimeSeries.Tests;

public class BacktestTests
{
    private static MLContext Ml => new(seed: 1);

    [Fact]
    public void Metrics_are_what_a_hand_computes()
    {
        MetricSums sums = new(0.8);
        sums.Add(actual: 10, forecast: 8, lower: 6, upper: 9, scale: 4);
        sums.Add(actual: 5, forecast: 6, lower: 4, upper: 8, scale: 2);
        sums.Add(actual: 0, forecast: 0, lower: 0, upper: 0, scale: 0);
        ForecastMetrics metrics = sums.Result();
        Assert.Equal(3, metrics.Count);
        Assert.Equal((2 + 1 + 0) / 3.0, metrics.MeanAbsoluteError, 1e-12);
        Assert.Equal(Math.Sqrt((4 + 1 + 0) / 3.0), metrics.RootMeanSquaredError, 1e-12);
        Assert.Equal(((200 * 2 / 18.0) + (200 * 1 / 11.0) + 0) / 3, metrics.Smape, 1e-12);

        // The third has no scale.
        Assert.Equal(((2 / 4.0) + (1 / 2.0)) / 2, metrics.Mase, 1e-12);

        // Quantiles 0.1, 0.5, 0.9: 10 lies above all, 5 between.
        double first = (0.1 * 4) + (0.5 * 2) + (0.9 * 1), second = (0.1 * 1) + (0.5 * 1) + (0.1 * 3);
        Assert.Equal((first + second) / 3 / 3, metrics.PinballLoss, 1e-12);
        Assert.Equal(2 / 3.0, metrics.IntervalCoverage, 1e-12);
        Assert.Equal((3 + 4 + 0) / 3.0, metrics.IntervalWidth, 1e-12);
    }

    [Fact]
    public void Naive_forecasts_are_what_a_hand_computes()
    {
        ForecastNumbers naive = NaiveForecaster.Forecast([1, 2, 4, 3], 1, 0.8, 2);
        double deviation = Math.Sqrt((1 + 4 + 1) / 3.0), normal = 1.2815515655446;
        Assert.Equal([3, 3], naive.Values);
        Assert.Equal(3 + (normal * deviation), naive.Upper[0], 1e-5);
        Assert.Equal(3 - (normal * deviation * Math.Sqrt(2)), naive.Lower[1], 1e-5);

        ForecastNumbers seasonal = NaiveForecaster.Forecast([1, 2, 4, 3], 2, 0.8, 5);
        Assert.Equal([4, 3, 4, 3, 4], seasonal.Values);
        Assert.Equal(4 + (normal * Math.Sqrt((9 + 1) / 2.0) * Math.Sqrt(3)), seasonal.Upper[4], 1e-5);
        Assert.Equal((3 + 1) / 2.0, NaiveForecaster.MeanError([1, 2, 4, 3], 2));
        Assert.Equal(0, NaiveForecaster.MeanError([5, 5, 5], 1));
    }

    [Fact]
    public void Forecasts_have_their_histories_with_them()
    {
        List<Reading> rows = Readings.Wave(60);
        rows[58].Value = float.NaN;
        BacktestResult result = Ml.Forecasting.Backtest(Ml.View(rows), Ml.Forecasting.ForecastByDLinear(Readings.Options().With(o => o.Epochs = 2)), origins: 3, stride: 2);
        IReadOnlyList<ForecastSeries> series = result.ToForecastSeries(), naive = result.ToForecastSeries(result.Naive);
        Assert.Equal([52, 54, 56], series.Select(s => s.History.Count));
        Assert.All(series, s => Assert.Equal(rows.Take(s.History.Count).Select(r => (double)r.Value), s.History));
        Assert.Equal(result.Model.Forecasts[1].Forecast.Values.Select(v => (double)v), series[1].Forecast);
        Assert.Equal(result.Model.Forecasts[1].Forecast.Lower.Select(v => (double)v), series[1].Lower);
        Assert.Equal(result.Model.Forecasts[1].Forecast.Upper.Select(v => (double)v), series[1].Upper);
        Assert.Equal(rows.Skip(56).Select(r => (double)r.Value), series[2].Actual);
        Assert.Equal((result.ConfidenceLevel, result.SeasonLength), (series[0].Confidence, series[0].SeasonLength));
        Assert.Equal(series.Count, series.Select(s => s.Name).Distinct().Count());
        Assert.All(naive[0].Forecast, v => Assert.Equal(rows[51].Value, v));

        ForecastingTransformer model = Ml.Forecasting.ForecastByDLinear(Readings.Options().With(o => o.Epochs = 2)).Fit(Ml.View(Readings.Wave(60)));
        ForecastSeries ahead = Assert.Single(model.ToForecastSeries(horizon: 3));
        SeriesForecast forecast = Assert.Single(model.Forecast(horizon: 3));
        Assert.Equal(forecast.Values.Select(v => (double)v), ahead.Forecast);
        Assert.Equal((3, 3, 3), (ahead.Actual.Count(double.IsNaN), ahead.Lower!.Count, ahead.Upper!.Count));
        Assert.Equal(Readings.Wave(60)[^1].Value, ahead.History[^1]);
    }

    [Fact]
    public void Origins_roll_to_the_end_and_forecasts_are_kept()
    {
        List<Reading> rows = Readings.Wave(60);
        rows[58].Value = float.NaN;
        BacktestResult result = Ml.Forecasting.Backtest(Ml.View(rows), Ml.Forecasting.ForecastByDLinear(Readings.Options().With(o => o.Epochs = 2)), origins: 3, stride: 2);
        Assert.Equal([52, 54, 56], result.Model.Forecasts.Select(f => f.Origin));
        Assert.Equal(3 * 4 - 1, result.Model.Overall.Count);
        BacktestForecast last = result.SeasonalNaive.Forecasts[^1];
        Assert.Equal(rows.Skip(56).Select(r => r.Value), last.Actual);
        Assert.Equal(rows.Skip(44).Take(4).Select(r => r.Value), last.Forecast.Values);
        Assert.Equal(rows.Skip(56).Select(r => r.Time), last.Forecast.Times);
        Assert.All(result.Naive.Forecasts[0].Forecast.Values, v => Assert.Equal(rows[51].Value, v));
        Assert.Equal(4, result.Model.ByStep.Count);

        // By hand: the mean absolute error of all that came.
        double error = result.SeasonalNaive.Forecasts.SelectMany(f => f.Actual.Zip(f.Forecast.Values)).Where(p => !float.IsNaN(p.First)).Average(p => Math.Abs((double)p.First - p.Second));
        Assert.Equal(error, result.SeasonalNaive.Overall.MeanAbsoluteError, 1e-9);
        Assert.Contains("seasonal naive", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_at_an_origin_knows_nothing_of_what_comes()
    {
        List<Reading> rows = Readings.Wave(60), other = Readings.Wave(60);
        foreach (Reading row in other.Skip(56))
            row.Value = 1000;
        float[] First(List<Reading> data) => [.. Ml.Forecasting.Backtest(Ml.View(data), Ml.Forecasting.ForecastByDLinear(Readings.Options().With(o => o.Seed = 1)), origins: 1).Model.Forecasts[0].Forecast.Values];
        Assert.Equal(First(rows), First(other));
    }

    [Fact]
    public void Too_many_origins_for_a_series_are_an_error()
    {
        string message = Assert.Throws<ArgumentException>(() => Ml.Forecasting.Backtest(Ml.View(Readings.Two(40)), Ml.Forecasting.ForecastByDLinear(Readings.Keyed()), origins: 8)).Message;
        Assert.Contains("'hill' has 40 steps", message, StringComparison.Ordinal);
        Assert.Contains("leave 8", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Ml.Forecasting.Backtest(Ml.View(Readings.Two(40)), Ml.Forecasting.ForecastByDLinear(Readings.Keyed()), origins: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ml.Forecasting.Backtest(Ml.View(Readings.Two(40)), Ml.Forecasting.ForecastByDLinear(Readings.Keyed()), stride: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ml.Forecasting.Backtest(Ml.View(Readings.Two(40)), Ml.Forecasting.ForecastByDLinear(Readings.Keyed()), seasonLength: 0));
    }
}
