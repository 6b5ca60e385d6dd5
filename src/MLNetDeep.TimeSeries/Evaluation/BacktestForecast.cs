namespace MLNetDeep.TimeSeries.Evaluation;

/// <summary>A forecast from one origin, and what came.</summary>
/// <param name="Origin">Number of steps that were known.</param>
/// <param name="Forecast">The forecast of the steps after.</param>
/// <param name="Actual">What came; NaN where a step has no value.</param>
public sealed record BacktestForecast(int Origin, SeriesForecast Forecast, IReadOnlyList<float> Actual)
{
    /// <summary>The values that were known, in order, with what stands in for missing ones.</summary>
    public IReadOnlyList<double> History { get; init; } = [];
}
