namespace MLNetDeep.TimeSeries.Evaluation;

/// <summary>Gathers what <see cref="ForecastMetrics"/> are means of.</summary>
internal sealed class MetricSums(double level)
{
    private double _absolute, _squared, _smape, _scaled, _pinball, _width;
    private long _count, _scaledCount, _covered;

    /// <summary>Takes a step up.</summary>
    /// <param name="actual">What came.</param>
    /// <param name="forecast">What was forecast.</param>
    /// <param name="lower">The lower bound.</param>
    /// <param name="upper">The upper bound.</param>
    /// <param name="scale">What absolute errors are measured by.</param>
    public void Add(double actual, double forecast, double lower, double upper, double scale)
    {
        double error = Math.Abs(actual - forecast), size = Math.Abs(actual) + Math.Abs(forecast);
        _count++;
        _absolute += error;
        _squared += error * error;
        _smape += size == 0 ? 0 : 200 * error / size;
        _pinball += (Pinball(actual, lower, (1 - level) / 2) + Pinball(actual, forecast, 0.5) + Pinball(actual, upper, (1 + level) / 2)) / 3;
        _covered += lower <= actual && actual <= upper ? 1 : 0;
        _width += upper - lower;
        if (scale > 0)
        {
            _scaled += error / scale;
            _scaledCount++;
        }
    }

    public ForecastMetrics Result() => new()
    {
        Count = _count,
        MeanAbsoluteError = _absolute / _count,
        RootMeanSquaredError = Math.Sqrt(_squared / _count),
        Smape = _smape / _count,
        Mase = _scaled / _scaledCount,
        PinballLoss = _pinball / _count,
        IntervalCoverage = (double)_covered / _count,
        IntervalWidth = _width / _count,
    };

    private static double Pinball(double actual, double quantile, double share) => Math.Max(share * (actual - quantile), (share - 1) * (actual - quantile));
}
