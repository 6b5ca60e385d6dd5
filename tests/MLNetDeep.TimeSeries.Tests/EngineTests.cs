using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.TimeSeries;
using MLNetDeep.Tests.Support;
using MLNetDeep.TimeSeries.Tests.Support;
using MLNetDeep.TimeSeries.Transformers;

namespace MLNetDeep.TimeSeries.Tests;

/// <summary>ML.NET's own time series engine over our models.</summary>
public class EngineTests
{
    private static MLContext Ml => new(seed: 1);
    private static readonly List<Reading> Rows = Readings.Wave(80);
    private static readonly ForecastingTransformer Model = Ml.Forecasting.ForecastByDLinear(Readings.Options()).Fit(Ml.View(Rows.Take(60)));

    private static readonly List<Reading> Pairs = Readings.Two(60);
    private static readonly ForecastingTransformer Several = Ml.Forecasting.ForecastByDLinear(Readings.Keyed()).Fit(Ml.View(Pairs.Take(100)));

    [Fact]
    public void Observations_one_by_one_give_what_transform_gives()
    {
        float[][] expected = [.. Model.Transform(Ml.View(Rows.Skip(60))).GetColumn<float[]>("Forecast")];
        using TimeSeriesPredictionEngine<Reading, Outlook> engine = Model.CreateTimeSeriesEngine<Reading, Outlook>(Ml);
        for (int i = 0; i < 20; i++)
        {
            Outlook outlook = engine.Predict(Rows[60 + i]);
            Assert.Equal(expected[i].Length, outlook.Forecast.Length);
            Assert.All(expected[i].Zip(outlook.Forecast), p => Assert.Equal(p.First, p.Second, 1e-4f));
            Assert.All(outlook.Low.Zip(outlook.High), p => Assert.True(p.First < p.Second));
            Assert.Equal(outlook.Forecast, engine.Predict().Forecast);
        }
    }

    [Fact]
    public void The_horizon_can_be_shorter_and_the_level_another()
    {
        using TimeSeriesPredictionEngine<Reading, Outlook> engine = Model.CreateTimeSeriesEngine<Reading, Outlook>(Ml);
        Outlook all = engine.Predict(), part = engine.Predict(horizon: 2), sure = engine.Predict(confidenceLevel: 0.99f);
        Assert.Equal(all.Forecast[..2], part.Forecast);
        Assert.Equal(all.Forecast, sure.Forecast);
        Assert.All(all.Low.Zip(sure.Low), p => Assert.True(p.Second <= p.First));
        Assert.True(sure.High[0] - sure.Low[0] > all.High[0] - all.Low[0]);
        Assert.Contains("1 to 4", Assert.ThrowsAny<ArgumentException>(() => engine.Predict(horizon: 0)).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 4", Assert.ThrowsAny<ArgumentException>(() => engine.Predict(horizon: 5)).Message, StringComparison.Ordinal);
        Assert.Contains("between 0 and 1", Assert.ThrowsAny<ArgumentException>(() => engine.Predict(confidenceLevel: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_goes_on_where_the_engine_was()
    {
        using TimeSeriesPredictionEngine<Reading, Outlook> engine = Model.CreateTimeSeriesEngine<Reading, Outlook>(Ml);
        for (int i = 60; i < 65; i++)
            engine.Predict(Rows[i]);
        string file = Path.GetTempFileName();
        try
        {
            engine.CheckPoint(Ml, file);
            ITransformer model = Ml.Model.Load(file, out _);
            using TimeSeriesPredictionEngine<Reading, Outlook> restored = model.CreateTimeSeriesEngine<Reading, Outlook>(Ml);
            Assert.Equal(Bits.Of(engine.Predict().Forecast), Bits.Of(restored.Predict().Forecast));
            Assert.Equal(Bits.Of(engine.Predict(Rows[65]).Forecast), Bits.Of(restored.Predict(Rows[65]).Forecast));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Engines_have_a_state_each_and_leave_the_model_alone()
    {
        float[] before = [.. Model.Forecast()[0].Values];
        using TimeSeriesPredictionEngine<Reading, Outlook> one = Model.CreateTimeSeriesEngine<Reading, Outlook>(Ml), other = Model.CreateTimeSeriesEngine<Reading, Outlook>(Ml);
        one.Predict(Rows[60]);
        Assert.NotEqual(one.Predict().Forecast, other.Predict().Forecast);
        Assert.Equal(before, other.Predict().Forecast);
        Assert.Equal(before, Model.Forecast()[0].Values);
    }

    [Fact]
    public void An_observation_counts_whether_or_not_its_forecast_is_read()
    {
        using TimeSeriesPredictionEngine<Reading, Outlook> read = Model.CreateTimeSeriesEngine<Reading, Outlook>(Ml), unread = Model.CreateTimeSeriesEngine<Reading, Outlook>(Ml);
        Outlook? none = null;
        for (int i = 60; i < 64; i++)
        {
            read.Predict(Rows[i]);
            unread.Predict(Rows[i], ref none!, null, null);
        }

        Assert.Equal(read.Predict().Forecast, unread.Predict().Forecast);
    }

    [Fact]
    public void In_a_chain_an_observation_counts_once()
    {
        // The engine tells a row in a chain of each observation twice.
        IDataView data = Ml.View(Pairs.Take(100));
        ITransformer chain = Ml.Transforms.Conversion.MapValueToKey("Place").Append(Ml.Forecasting.ForecastByDLinear(Readings.Keyed().With(o => o.Seed = 3))).Fit(data);
        ForecastingTransformer alone = Ml.Forecasting.ForecastByDLinear(Readings.Keyed().With(o => o.Seed = 3)).Fit(data);
        using TimeSeriesPredictionEngine<Reading, Outlook> chained = chain.CreateTimeSeriesEngine<Reading, Outlook>(Ml), single = alone.CreateTimeSeriesEngine<Reading, Outlook>(Ml);
        foreach (Reading row in Pairs.Skip(100))
            Assert.Equal(single.Predict(row).Forecast, chained.Predict(row).Forecast);
        using MemoryStream stream = new();
        chained.CheckPoint(Ml, stream);
        stream.Position = 0;
        using TimeSeriesPredictionEngine<Reading, Outlook> restored = Ml.Model.Load(stream, out _).CreateTimeSeriesEngine<Reading, Outlook>(Ml);
        Reading next = new() { Place = "hill", Time = Pairs[^1].Time.AddMonths(1), Value = 12 };
        Assert.Equal(chained.Predict(next).Forecast, restored.Predict(next).Forecast);
    }

    [Fact]
    public void Of_several_series_the_one_of_the_last_example_is_forecast()
    {
        using TimeSeriesPredictionEngine<Reading, Outlook> engine = Several.CreateTimeSeriesEngine<Reading, Outlook>(Ml);
        Assert.Contains("2 series", Assert.ThrowsAny<InvalidOperationException>(() => engine.Predict()).Message, StringComparison.Ordinal);
        float hill = engine.Predict(Pairs[100]).Forecast[0], vale = engine.Predict(Pairs[101]).Forecast[0];
        Assert.InRange(hill, 5, 25);
        Assert.InRange(vale, 500, 2500);
    }

    [Fact]
    public void Series_and_dates_that_do_not_follow_are_named()
    {
        using TimeSeriesPredictionEngine<Reading, Outlook> engine = Several.CreateTimeSeriesEngine<Reading, Outlook>(Ml);
        string unknown = Message(new() { Place = "moor", Time = Pairs[100].Time, Value = 1 });
        Assert.Contains("'moor'", unknown, StringComparison.Ordinal);
        Assert.Contains("'hill'", unknown, StringComparison.Ordinal);
        string twice = Message(Pairs[99]);
        Assert.Contains("'vale'", twice, StringComparison.Ordinal);
        Assert.Contains("two rows at 2024-02-01", twice, StringComparison.Ordinal);
        Assert.Contains("in order of time", Message(Pairs[90]), StringComparison.Ordinal);
        Assert.Contains("lies between steps", Message(new() { Place = "vale", Time = new(2024, 3, 5), Value = 1 }), StringComparison.Ordinal);

        // What was refused has changed nothing.
        Assert.Equal(4, engine.Predict(Pairs[101]).Forecast.Length);

        string Message(Reading row) => Assert.ThrowsAny<InvalidOperationException>(() => engine.Predict(row)).Message;
    }

    [Fact]
    public void A_missing_observation_is_stood_in_for()
    {
        using TimeSeriesPredictionEngine<Reading, Outlook> engine = Model.CreateTimeSeriesEngine<Reading, Outlook>(Ml), skipping = Model.CreateTimeSeriesEngine<Reading, Outlook>(Ml);
        Outlook missing = engine.Predict(new Reading { Time = Rows[60].Time, Value = float.NaN });
        Assert.All(missing.Forecast, v => Assert.True(float.IsFinite(v)));
        Assert.Equal(engine.Predict(Rows[61]).Forecast, skipping.Predict(Rows[61]).Forecast);
    }
}
