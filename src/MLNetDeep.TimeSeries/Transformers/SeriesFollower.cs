using MLNetDeep.TimeSeries.Series;

namespace MLNetDeep.TimeSeries.Transformers;

/// <summary>Series that go on row by row from what a model knows of them.</summary>
internal sealed class SeriesFollower(ForecastingTransformer transformer, bool keepAll)
{
    private readonly Dictionary<string, SeriesHistory> _series = new(StringComparer.Ordinal);

    /// <summary>Takes a row.</summary>
    /// <returns>Its series with it.</returns>
    /// <exception cref="InvalidOperationException">The series is unknown, or the row does not follow.</exception>
    public SeriesHistory Take(SeriesRowReader row)
    {
        if (!_series.TryGetValue(row.Key, out SeriesHistory? series))
        {
            SeriesHistory known = transformer.StateOf(row.Key);

            // What covariates of the horizon are known already, the data says again.
            int count = known.Origin + 1;
            series = known.Copy(count);
            if (row.Time is { } first && !series.Continues(first))
                series = new(row.Key, transformer.Forecaster.Settings);
            _series.Add(row.Key, series);
        }

        series.Append(row.Time, row.Value, row.Covariates);
        if (!keepAll && series.Count > 4 * transformer.Forecaster.Settings.Needed)
            series.Trim();
        return series;
    }

    /// <summary>A series after all rows that were taken.</summary>
    public SeriesHistory this[string key] => _series[key];
}
