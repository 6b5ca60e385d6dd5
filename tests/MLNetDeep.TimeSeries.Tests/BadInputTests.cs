using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.TimeSeries.Estimators;
using MLNetDeep.TimeSeries.Tests.Support;
using MLNetDeep.TimeSeries.Transformers;

namespace MLNetDeep.TimeSeries.Tests;

public class BadInputTests
{
    private static MLContext Ml => new(seed: 1);

    [Fact]
    public void A_series_shorter_than_a_window_and_a_horizon_is_named()
    {
        List<Reading> rows = [.. Readings.Wave(40, "long"), .. Readings.Wave(15, "short")];
        string message = Assert.Throws<ArgumentException>(() => Fit(rows, o => o.SeriesKeyColumnName = "Place")).Message;
        Assert.Contains("Series 'short' has 15 steps", message, StringComparison.Ordinal);
        Assert.Contains("at least 16", message, StringComparison.Ordinal);
        Assert.Contains("13 before it", Assert.Throws<ArgumentException>(() => Fit(Readings.Wave(20), o =>
        {
            o.Differencing = true;
            o.SeasonalDifferencing = 12;
        })).Message, StringComparison.Ordinal);
        Assert.Contains("data is empty", Assert.Throws<ArgumentException>(() => Fit([], _ => { })).Message, StringComparison.Ordinal);
        Fit(Readings.Wave(16), o => o.Epochs = 1);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Expect("Horizon is 0", o => o.Horizon = 0);
        Expect("Horizon is -1", o => o.Horizon = -1);
        Expect("WindowSize is 0", o => o.WindowSize = 0);
        Expect("ConfidenceLevel is 1", o => o.ConfidenceLevel = 1);
        Expect("ConfidenceLevel is NaN", o => o.ConfidenceLevel = float.NaN);
        Expect("SeasonalDifferencing is -1", o => o.SeasonalDifferencing = -1);
        Expect("CalibrationFraction is 1", o => o.CalibrationFraction = 1);
        Expect("LongestGap is -1", o => o.LongestGap = -1);
        Expect("Set Likelihood to Point".ToLowerInvariant(), o => o.Loss = new Losses.MeanSquaredError());
        Expect("CalibrationFraction is 0", o =>
        {
            o.Likelihood = ForecastLikelihood.Point;
            o.CalibrationFraction = 0;
        });
        Expect("no TimeColumnName", o =>
        {
            o.TimeColumnName = null;
            o.CalendarFeatures = CalendarFeatures.Month;
        });
        Assert.Contains("Options.Network", Assert.Throws<ArgumentException>(() => Ml.Forecasting.ForecastByNetwork(null!, new NetworkForecastingEstimator.Options())).Message, StringComparison.Ordinal);

        static void Expect(string part, Action<DLinearForecastingEstimator.Options> change) =>
            Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(() => Ml.Forecasting.ForecastByDLinear(Readings.Options().With(change))).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Duplicates_and_disorder_in_time_are_named()
    {
        List<Reading> rows = Readings.Two(40);
        rows.Insert(21, new() { Place = "hill", Time = rows[20].Time, Value = 3 });
        string message = Assert.Throws<InvalidOperationException>(() => Fit(rows, o => o.SeriesKeyColumnName = "Place")).Message;
        Assert.Contains("Series 'hill' has two rows at 2020-11-01", message, StringComparison.Ordinal);
        rows = Readings.Wave(40);
        (rows[10], rows[20]) = (rows[20], rows[10]);
        Assert.Contains("in order of time", Assert.Throws<InvalidOperationException>(() => Fit(rows, _ => { })).Message, StringComparison.Ordinal);
        rows = Readings.Wave(40);
        rows[10].Time = rows[10].Time.AddDays(3);
        Assert.Contains("lies between steps", Assert.Throws<InvalidOperationException>(() => Fit(rows, o => o.Step = TimeStep.Months())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MissingSteps.Interpolate)]
    [InlineData(MissingSteps.ForwardFill)]
    public void Gaps_and_missing_values_are_stood_in_for(MissingSteps missing)
    {
        List<Reading> rows = Readings.Wave(60);
        rows[7].Value = float.NaN;
        rows[59].Value = float.NaN;
        rows.RemoveRange(30, 3);
        ForecastingTransformer model = Fit(rows, o => o.MissingSteps = missing);
        SeriesForecast forecast = model.Forecast()[0];
        Assert.Equal(Readings.Start.AddMonths(60), forecast.Times[0]);
        Assert.All(forecast.Values.Concat(forecast.Lower).Concat(forecast.Upper), v => Assert.True(float.IsFinite(v)));
        Assert.All(model.Transform(Ml.View(rows)).GetColumn<float[]>("Forecast").Skip(11).SelectMany(f => f), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Gaps_and_missing_values_are_errors_where_asked_for()
    {
        List<Reading> rows = Readings.Wave(60, "hill");
        rows[7].Value = float.NaN;
        Assert.Contains("Series 'hill' has no value at 2020-08-01", Message(MissingSteps.Error), StringComparison.Ordinal);
        rows = Readings.Wave(60, "hill");
        rows.RemoveRange(30, 3);
        Assert.Contains("no row for 2022-07-01 and 2 more steps", Message(MissingSteps.Error), StringComparison.Ordinal);
        rows.RemoveRange(20, 11);
        Assert.Contains("14 steps of 1 month, more than LongestGap (12)", Message(MissingSteps.Interpolate), StringComparison.Ordinal);
        Fit(rows, o =>
        {
            o.LongestGap = 14;
            o.Epochs = 1;
        });

        string Message(MissingSteps missing) => Assert.Throws<InvalidOperationException>(() => Fit(rows, o =>
        {
            o.MissingSteps = missing;
            o.SeriesKeyColumnName = "Place";
        })).Message;
    }

    [Fact]
    public void Values_that_cannot_be_learned_from_are_named()
    {
        List<Reading> rows = Readings.Wave(60);
        rows[7].Value = float.PositiveInfinity;
        Assert.Contains("Infinity at 2020-08-01", Assert.Throws<InvalidOperationException>(() => Fit(rows, _ => { })).Message, StringComparison.Ordinal);
        rows[7].Value = 0;
        Assert.Contains("value 0 at 2020-08-01, which has no Log", Assert.Throws<InvalidOperationException>(() => Fit(rows, o => o.ValueTransform = ValueTransform.Log)).Message, StringComparison.Ordinal);
        rows[7].Value = 1;
        rows[7].Wind = float.NaN;
        Assert.Contains("covariate that is NaN at 2020-08-01 (Wind)", Assert.Throws<InvalidOperationException>(() => Fit(rows, o => o.PastCovariateColumnNames = ["Wind"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SeriesScaling.Standard, ForecastLikelihood.Quantile, ValueTransform.None, 7)]
    [InlineData(SeriesScaling.MeanAbsolute, ForecastLikelihood.Gaussian, ValueTransform.Log1p, 0)]
    [InlineData(SeriesScaling.Standard, ForecastLikelihood.Point, ValueTransform.Log, 0.1)]
    [InlineData(SeriesScaling.None, ForecastLikelihood.Quantile, ValueTransform.None, 0)]
    public void A_constant_series_is_forecast_as_itself(SeriesScaling scaling, ForecastLikelihood likelihood, ValueTransform transform, float value)
    {
        List<Reading> rows = Readings.Wave(60);
        foreach (Reading row in rows)
            row.Value = value;
        foreach ((bool differencing, int seed) in new[] { (false, 1), (true, 1), (false, 2), (false, 3) })
        {
            SeriesForecast forecast = Fit(rows, o =>
            {
                o.Seed = seed;
                o.Scaling = scaling;
                o.Likelihood = likelihood;
                o.ValueTransform = transform;
                o.Differencing = differencing;
                o.Epochs = 100;
            }).Forecast()[0];
            Assert.All(forecast.Values, v => Assert.Equal(value, v, 0.35f));
            Assert.All(forecast.Lower.Zip(forecast.Upper), p => Assert.InRange(p.Second - p.First, 0, 2));
        }
    }

    [Fact]
    public void An_unknown_series_is_named()
    {
        ForecastingTransformer model = Fit(Readings.Two(40), o => o.SeriesKeyColumnName = "Place");
        string message = Assert.Throws<InvalidOperationException>(() => model.Transform(Ml.View(Readings.Wave(40, "moor"))).GetColumn<float[]>("Forecast").ToArray()).Message;
        Assert.Contains("'moor' is unknown", message, StringComparison.Ordinal);
        Assert.Contains("'hill', 'vale'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_do_not_fit_are_named()
    {
        Assert.Contains("'Nothing'", Assert.Throws<ArgumentException>(() => Fit(Readings.Wave(40), o => o.InputColumnName = "Nothing")).Message, StringComparison.Ordinal);
        Assert.Contains("value column 'Place' has type String, expected Single", Assert.Throws<ArgumentException>(() => Fit(Readings.Wave(40), o => o.InputColumnName = "Place")).Message, StringComparison.Ordinal);
        Assert.Contains("expected DateTime", Assert.Throws<ArgumentException>(() => Fit(Readings.Wave(40), o => o.TimeColumnName = "Value")).Message, StringComparison.Ordinal);
        Assert.Contains("series key column 'Wind'", Assert.Throws<ArgumentException>(() => Fit(Readings.Wave(40), o => o.SeriesKeyColumnName = "Wind")).Message, StringComparison.Ordinal);
        ForecastingTransformer model = Fit(Readings.Wave(40), o => o.Epochs = 1);
        IDataView bare = Ml.Transforms.DropColumns("Time").Fit(Ml.View(Readings.Wave(40))).Transform(Ml.View(Readings.Wave(40)));
        Assert.Contains("'Time'", Assert.Throws<ArgumentException>(() => model.Transform(bare)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_does_not_fit_is_an_error()
    {
        Assert.Contains("needs 12", Message(Network.Input().Flatten().Dense(4)), StringComparison.Ordinal);
        Assert.Contains("input 'future'", Message(Network.Input("future", 4, 2).Flatten().TaskOutput(), o => o.CalendarFeatures = CalendarFeatures.None), StringComparison.Ordinal);
        Assert.Contains("no input called 'future'", Message(Network.Input().Flatten().TaskOutput(), o => o.FutureCovariateColumnNames = ["Price"]), StringComparison.Ordinal);

        static string Message(Network network, Action<NetworkForecastingEstimator.Options>? change = null)
        {
            NetworkForecastingEstimator.Options options = new() { WindowSize = 12, Horizon = 4, TimeColumnName = "Time" };
            change?.Invoke(options);
            return Assert.Throws<ArgumentException>(() => Ml.Forecasting.ForecastByNetwork(network, options).Fit(Ml.View(Readings.Wave(40)))).Message;
        }
    }

    [Fact]
    public void A_damaged_file_is_an_error()
    {
        IDataView data = Ml.View(Readings.Wave(40));
        using MemoryStream stream = new();
        Persistence.ForecastingFile.Write(Fit(Readings.Wave(40), o => o.Epochs = 1), stream);
        byte[] bytes = stream.ToArray();
        Random random = new(1);
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Throws<InvalidDataException>(() => Persistence.ForecastingFile.Read(new MemoryStream(damaged), DefaultEngine.Instance));
        }

        Assert.Throws<InvalidDataException>(() => Persistence.ForecastingFile.Read(new MemoryStream(bytes[..^10]), DefaultEngine.Instance));
    }

    private static ForecastingTransformer Fit(List<Reading> rows, Action<DLinearForecastingEstimator.Options> change) =>
        Ml.Forecasting.ForecastByDLinear(Readings.Options().With(change)).Fit(Ml.View(rows));
}
