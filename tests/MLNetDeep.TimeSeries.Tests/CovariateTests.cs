using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.TimeSeries;
using MLNetDeep.TimeSeries.Estimators;
using MLNetDeep.TimeSeries.Evaluation;
using MLNetDeep.TimeSeries.Tests.Support;
using MLNetDeep.TimeSeries.Transformers;

namespace MLNetDeep.TimeSeries.Tests;

public class CovariateTests
{
    private static MLContext Ml => new(seed: 1);

    [Theory]
    [InlineData("DLinear")]
    [InlineData("N-BEATS")]
    [InlineData("network")]
    public void What_is_known_in_advance_is_made_use_of(string kind)
    {
        // Without the price nothing is known of the value.
        ForecastingOptions options = kind switch
        {
            "DLinear" => new DLinearForecastingEstimator.Options { MovingAverage = 3 },
            "N-BEATS" => new NBeatsForecastingEstimator.Options { Blocks = 1, Layers = 2, Units = 32 },
            _ => new NetworkForecastingEstimator.Options(),
        };
        Common(options).FutureCovariateColumnNames = ["Price"];
        ForecastingEstimator estimator = options switch
        {
            DLinearForecastingEstimator.Options linear => Ml.Forecasting.ForecastByDLinear(linear),
            NBeatsForecastingEstimator.Options beats => Ml.Forecasting.ForecastByNBeats(beats),
            _ => Ml.Forecasting.ForecastByNetwork(
                Network.Input().Flatten().Concatenate(Network.Input("future", 3, 1).Flatten()).Dense(32).Relu().TaskOutput(), (NetworkForecastingEstimator.Options)options),
        };
        BacktestResult result = Ml.Forecasting.Backtest(Ml.View(Prices(300)), estimator, origins: 5, refit: false);
        Assert.True(result.Model.Overall.MeanAbsoluteError < 0.3 * result.Naive.Overall.MeanAbsoluteError, result.ToString());
    }

    [Fact]
    public void What_is_known_up_to_the_present_is_made_use_of()
    {
        // Values follow the wind of the step before: the next one is known, those after it are not.
        List<Reading> rows = Prices(300);
        for (int i = 1; i < rows.Count; i++)
            rows[i].Value = 5 + (2 * rows[i - 1].Wind);
        DLinearForecastingEstimator.Options options = Common(new DLinearForecastingEstimator.Options { MovingAverage = 3 });
        options.PastCovariateColumnNames = ["Wind"];
        BacktestResult result = Ml.Forecasting.Backtest(Ml.View(rows), Ml.Forecasting.ForecastByDLinear(options), origins: 20, refit: false);
        Assert.True(result.Model.ByStep[0].MeanAbsoluteError < 0.2 * result.Naive.ByStep[0].MeanAbsoluteError, result.ToString());
        Assert.True(result.Model.ByStep[1].MeanAbsoluteError > 0.5, result.ToString());
    }

    [Fact]
    public void Rows_without_a_value_tell_of_the_future()
    {
        List<Reading> rows = Prices(200), known = Prices(203);
        foreach (Reading row in known.Skip(200))
            row.Value = float.NaN;
        DLinearForecastingEstimator.Options options = Common(new DLinearForecastingEstimator.Options { MovingAverage = 3 });
        options.FutureCovariateColumnNames = ["Price"];
        ForecastingTransformer model = Ml.Forecasting.ForecastByDLinear(options).Fit(Ml.View(rows));
        string message = Assert.Throws<InvalidOperationException>(() => model.Forecast()).Message;
        Assert.Contains("needs Price for the 3 steps from 2020-07-19 on, but has them for 0", message, StringComparison.Ordinal);

        using TimeSeriesPredictionEngine<Reading, ValueOutlook> engine = model.CreateTimeSeriesEngine<Reading, ValueOutlook>(Ml);
        ValueOutlook? none = null;
        foreach (Reading row in known.Skip(200))
            engine.Predict(row, ref none!, null, null);
        float[] expected = engine.Predict().Forecast;
        Assert.All(expected.Zip(Prices(203).Skip(200)), p => Assert.Equal(p.Second.Value, p.First, 1f));

        // The same from a model that was fitted on these rows, and by a transform of all rows.
        Assert.Equal(203, known.Count);
        float[][] forecasts = [.. model.Transform(Ml.View(known)).GetColumn<float[]>("Forecast")];
        Assert.All(expected.Zip(forecasts[199]), p => Assert.Equal(p.First, p.Second, 1e-4f));
        Assert.All(expected.Zip(forecasts[202]), p => Assert.Equal(p.First, p.Second, 1e-4f));
        Assert.All(model.Transform(Ml.View(rows)).GetColumn<float[]>("Forecast").TakeLast(3).SelectMany(f => f), v => Assert.True(float.IsNaN(v)));
        ForecastingTransformer informed = Ml.Forecasting.ForecastByDLinear(options).Fit(Ml.View(known));
        Assert.Equal(new DateTime(2020, 7, 19), informed.Forecast()[0].Times[0]);
        Assert.All(informed.Forecast()[0].Values.Zip(expected), p => Assert.Equal(p.First, p.Second, 0.5f));
    }

    [Fact]
    public void A_calendar_tells_what_a_window_cannot()
    {
        // A window of two steps cannot see a year.
        DLinearForecastingEstimator.Options options = Readings.Options().With(o =>
        {
            o.WindowSize = 2;
            o.Epochs = 60;
            o.Seed = 1;
        });
        double Error(CalendarFeatures features, CalendarEncoding encoding) => Ml.Forecasting.Backtest(
            Ml.View(Readings.Wave(120)),
            Ml.Forecasting.ForecastByDLinear(options.With(o =>
            {
                o.CalendarFeatures = features;
                o.CalendarEncoding = encoding;
            })),
            refit: false).Model.Overall.MeanAbsoluteError;
        double without = Error(CalendarFeatures.None, CalendarEncoding.Cyclic);
        Assert.True(Error(CalendarFeatures.Auto, CalendarEncoding.Cyclic) < without / 2);
        Assert.True(Error(CalendarFeatures.Month, CalendarEncoding.OneHot) < without / 2);
    }

    private static T Common<T>(T options)
        where T : ForecastingOptions
    {
        options.WindowSize = 6;
        options.Horizon = 3;
        options.TimeColumnName = "Time";
        options.CalendarFeatures = CalendarFeatures.None;
        options.Epochs = 60;
        options.Seed = 1;
        options.Optimizer = new Optimizers.Adam { LearningRate = 0.01f };
        return options;
    }

    // Days whose value follows their price, which follows nothing.
    private static List<Reading> Prices(int count)
    {
        Random random = new(4);
        List<Reading> rows = [];
        for (int i = 0; i < count; i++)
        {
            float price = (float)random.NextDouble() * 4;
            rows.Add(new() { Time = Readings.Start.AddDays(i), Price = price, Value = 20 - (3 * price), Wind = (float)random.NextDouble() });
        }

        return rows;
    }

    public class ValueOutlook
    {
        public float[] Forecast { get; set; } = [];
    }
}
