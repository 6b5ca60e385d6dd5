namespace MLNetDeep.TimeSeries.Evaluation;

/// <summary>How good one way of forecasting was at all origins.</summary>
/// <param name="Overall">All series together.</param>
/// <param name="BySeries">Each series by itself.</param>
/// <param name="ByStep">Each step of the horizon by itself, the first one first.</param>
/// <param name="Forecasts">The forecasts.</param>
public sealed record ForecasterScore(
    ForecastMetrics Overall, IReadOnlyDictionary<string, ForecastMetrics> BySeries, IReadOnlyList<ForecastMetrics> ByStep, IReadOnlyList<BacktestForecast> Forecasts);
