namespace MLNetDeep.TimeSeries;

/// <summary>What a model expects of a series.</summary>
/// <param name="SeriesKey">The series; empty where there is one only.</param>
/// <param name="Times">The dates of the steps; empty without a time column.</param>
/// <param name="Values">The forecast of each step.</param>
/// <param name="Lower">The lower bound of each step.</param>
/// <param name="Upper">The upper bound of each step.</param>
public sealed record SeriesForecast(string SeriesKey, IReadOnlyList<DateTime> Times, IReadOnlyList<float> Values, IReadOnlyList<float> Lower, IReadOnlyList<float> Upper);
