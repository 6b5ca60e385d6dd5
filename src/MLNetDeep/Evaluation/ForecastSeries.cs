namespace MLNetDeep.Evaluation;

/// <summary>A forecast of a series, and what came of it, as reports on forecasts show it. Backtests and fitted forecasters of MLNetDeep.TimeSeries give it; of other forecasters it is made by hand.</summary>
/// <param name="Name">The series.</param>
/// <param name="History">The values before the forecast, in order; at least two.</param>
/// <param name="Forecast">The values foretold, step by step.</param>
/// <param name="Actual">The values that came, as far as they are known; NaN for those that are not.</param>
public sealed record ForecastSeries(string Name, IReadOnlyList<double> History, IReadOnlyList<double> Forecast, IReadOnlyList<double> Actual)
{
    /// <summary>Lower bounds, step by step. Default: none.</summary>
    public IReadOnlyList<double>? Lower { get; init; }

    /// <summary>Upper bounds, step by step. Default: none.</summary>
    public IReadOnlyList<double>? Upper { get; init; }

    /// <summary>How often values should lie between the bounds. Default 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Steps of a season, for the scale of MASE. Default 1: the step before.</summary>
    public int SeasonLength { get; init; } = 1;

    internal void Check()
    {
        if (History.Count <= SeasonLength || SeasonLength < 1 || Forecast.Count == 0)
            throw new ArgumentException($"The series '{Name}' has {History.Count} values of history and {Forecast.Count} of forecast; expected more than {Math.Max(1, SeasonLength)}, and at least 1.");
        if (Actual.Count != Forecast.Count || (Lower ?? Forecast).Count != Forecast.Count || (Upper ?? Forecast).Count != Forecast.Count || (Lower is null) != (Upper is null))
            throw new ArgumentException($"The series '{Name}' has a forecast of {Forecast.Count} steps; actual values and bounds must be as many, and bounds lower and upper.");
        foreach ((string what, IReadOnlyList<double> values) in new[] { ("history", History), ("forecast", Forecast), ("lower bounds", Lower ?? []), ("upper bounds", Upper ?? []) })
        {
            if (values.Any(v => !double.IsFinite(v)))
                throw new ArgumentException($"The {what} of the series '{Name}' have a value that is no number.");
        }
    }
}
