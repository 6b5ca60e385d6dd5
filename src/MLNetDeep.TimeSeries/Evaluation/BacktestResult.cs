using System.Globalization;
using System.Text;
using MLNetDeep.Evaluation;

namespace MLNetDeep.TimeSeries.Evaluation;

/// <summary>What a backtest found: the model beside the forecasts that cost nothing.</summary>
/// <param name="ConfidenceLevel">The level of the bounds.</param>
/// <param name="SeasonLength">Steps of a season.</param>
/// <param name="Model">The model.</param>
/// <param name="Naive">The last value, with bounds from the changes from step to step.</param>
/// <param name="SeasonalNaive">The values of the last season, with bounds from the changes from season to season.</param>
public sealed record BacktestResult(double ConfidenceLevel, int SeasonLength, ForecasterScore Model, ForecasterScore Naive, ForecasterScore SeasonalNaive)
{
    /// <summary>The forecasts with their histories and what came, as MLNetDeep.Evaluation's report on forecasts takes them.</summary>
    /// <param name="score">Whose forecasts: <see cref="Model"/> (default), <see cref="Naive"/> or <see cref="SeasonalNaive"/>.</param>
    /// <example><c>EvaluationReport.OfForecasts(backtest.ToForecastSeries()).SaveHtml("forecast.html");</c></example>
    public IReadOnlyList<ForecastSeries> ToForecastSeries(ForecasterScore? score = null) =>
    [
        .. (score ?? Model).Forecasts.Select(f => new ForecastSeries(Name(f), f.History, [.. f.Forecast.Values.Select(v => (double)v)], [.. f.Actual.Select(v => (double)v)])
        {
            Lower = [.. f.Forecast.Lower.Select(v => (double)v)],
            Upper = [.. f.Forecast.Upper.Select(v => (double)v)],
            Confidence = ConfidenceLevel,
            SeasonLength = SeasonLength,
        }),
    ];

    /// <summary>A table of all figures: overall, then (where there are several) each series.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{"",-24}{"MAE",10}{"RMSE",10}{"sMAPE",8}{"MASE",8}{"pinball",10}{"coverage",10}{"width",10}\n");
        Section("", s => s.Overall);
        if (Model.BySeries.Count > 1)
        {
            foreach (string key in Model.BySeries.Keys)
                Section(key, s => s.BySeries[key]);
        }

        return text.ToString();

        void Section(string series, Func<ForecasterScore, ForecastMetrics> metrics)
        {
            if (series.Length > 0)
                text.Append(series).Append('\n');
            Line("model", metrics(Model));
            Line("naive", metrics(Naive));
            Line("seasonal naive", metrics(SeasonalNaive));
        }

        void Line(string name, ForecastMetrics m) => text.Append(
            CultureInfo.InvariantCulture,
            $"  {name,-22}{m.MeanAbsoluteError,10:G4}{m.RootMeanSquaredError,10:G4}{m.Smape,8:F2}{m.Mase,8:F3}{m.PinballLoss,10:G4}{m.IntervalCoverage,10:P1}{m.IntervalWidth,10:G4}\n");
    }

    // A series comes once for each origin.
    private static string Name(BacktestForecast forecast)
    {
        string from = forecast.Forecast.Times.Count > 0 ? $"from {Series.SeriesHistory.Text(forecast.Forecast.Times[0])}" : string.Create(CultureInfo.InvariantCulture, $"from step {forecast.Origin + 1}");
        return forecast.Forecast.SeriesKey.Length > 0 ? $"{forecast.Forecast.SeriesKey}, {from}" : $"Forecast {from}";
    }
}
