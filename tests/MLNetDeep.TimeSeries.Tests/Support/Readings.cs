using Microsoft.ML;
using MLNetDeep.TimeSeries.Estimators;

namespace MLNetDeep.TimeSeries.Tests.Support;

/// <summary>Series to test on, and an estimator that is quick to train.</summary>
internal static class Readings
{
    public static readonly DateTime Start = new(2020, 1, 1);

    /// <summary>Months of a wave of 12 steps on a slope, with a little noise.</summary>
    public static List<Reading> Wave(int count, string place = "", double size = 1, double noise = 0.05, int seed = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(i => new Reading
        {
            Place = place,
            Time = Start.AddMonths(i),
            Value = (float)(size * (10 + (0.05 * i) + (3 * Math.Sin(2 * Math.PI * i / 12)) + (noise * ((2 * random.NextDouble()) - 1)))),
        })];
    }

    /// <summary>Two such series of other sizes, month by month.</summary>
    public static List<Reading> Two(int count) => [.. Wave(count, "hill").Zip(Wave(count, "vale", 100, seed: 2)).SelectMany(p => new[] { p.First, p.Second })];

    public static IDataView View(this MLContext ml, IEnumerable<Reading> rows) => ml.Data.LoadFromEnumerable(rows);

    public static DLinearForecastingEstimator.Options Options() => new()
    {
        WindowSize = 12,
        Horizon = 4,
        ConfidenceLowerBoundColumn = "Low",
        ConfidenceUpperBoundColumn = "High",
        ConfidenceLevel = 0.8f,
        TimeColumnName = "Time",
        MovingAverage = 5,
        Epochs = 30,
        BatchSize = 16,
        Optimizer = new Optimizers.Adam { LearningRate = 0.02f },
    };

    public static DLinearForecastingEstimator.Options Keyed()
    {
        DLinearForecastingEstimator.Options options = Options();
        options.SeriesKeyColumnName = "Place";
        return options;
    }

    /// <summary>The options with a change.</summary>
    public static T With<T>(this T options, Action<T> change)
        where T : ForecastingOptions
    {
        change(options);
        return options;
    }
}
