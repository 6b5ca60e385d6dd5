using MathNet.Numerics.Distributions;
using MLNetDeep.TimeSeries.Models;

namespace MLNetDeep.TimeSeries.Evaluation;

/// <summary>Forecasts by the value of a season before, with bounds as wide as changes from season to season add up to (Hyndman and Athanasopoulos 2021, section 5.5).</summary>
internal static class NaiveForecaster
{
    /// <summary>Forecasts what follows values.</summary>
    /// <param name="values">The values up to the origin.</param>
    /// <param name="season">Steps of a season; 1 for the last value.</param>
    /// <param name="level">Share of values that bounds should cover.</param>
    /// <param name="horizon">Steps to forecast.</param>
    public static ForecastNumbers Forecast(ReadOnlySpan<double> values, int season, double level, int horizon)
    {
        ForecastNumbers numbers = new(horizon);
        double squares = 0;
        for (int i = season; i < values.Length; i++)
            squares += (values[i] - values[i - season]) * (values[i] - values[i - season]);
        double deviation = Math.Sqrt(squares / Math.Max(values.Length - season, 1)), normal = Normal.InvCDF(0, 1, (1 + level) / 2);
        for (int h = 1; h <= horizon; h++)
        {
            int seasons = (h + season - 1) / season;
            double value = values[values.Length - 1 + h - (seasons * season)], width = normal * deviation * Math.Sqrt(seasons);
            numbers.Values[h - 1] = (float)value;
            numbers.Lower[h - 1] = (float)(value - width);
            numbers.Upper[h - 1] = (float)(value + width);
        }

        return numbers;
    }

    /// <summary>What forecasting by the season before is off by on average: the scale of the MASE.</summary>
    public static double MeanError(ReadOnlySpan<double> values, int season)
    {
        double sum = 0;
        for (int i = season; i < values.Length; i++)
            sum += Math.Abs(values[i] - values[i - season]);
        return sum / Math.Max(values.Length - season, 1);
    }
}
