using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tests.Support;
using MLNetDeep.TimeSeries.Estimators;
using MLNetDeep.TimeSeries.Tests.Support;
using MLNetDeep.TimeSeries.Transformers;

namespace MLNetDeep.TimeSeries.Tests;

public class PipelineTests
{
    private static MLContext Ml => new(seed: 1);

    public static TheoryData<string> Kinds => [.. Estimators.Keys];

    private static Dictionary<string, Func<MLContext, Action<ForecastingOptions>, ForecastingEstimator>> Estimators { get; } = new()
    {
        ["DLinear"] = (ml, set) => ml.Forecasting.ForecastByDLinear(Common(new DLinearForecastingEstimator.Options { MovingAverage = 5 }, set)),
        ["N-BEATS"] = (ml, set) => ml.Forecasting.ForecastByNBeats(Common(new NBeatsForecastingEstimator.Options { Blocks = 2, Layers = 2, Units = 16 }, set)),
        ["N-BEATS, interpretable"] = (ml, set) => ml.Forecasting.ForecastByNBeats(Common(new NBeatsForecastingEstimator.Options { Interpretable = true, Blocks = 1, Layers = 2, Units = 16, Dropout = 0.1 }, set)),
        ["LSTM"] = (ml, set) => ml.Forecasting.ForecastByLstm(Common(new LstmForecastingEstimator.Options { Units = 16, Layers = 2 }, set)),
        ["GRU"] = (ml, set) => ml.Forecasting.ForecastByGru(Common(new GruForecastingEstimator.Options { Units = 16 }, set)),
        ["TCN"] = (ml, set) => ml.Forecasting.ForecastByTcn(Common(new TcnForecastingEstimator.Options { Filters = 12 }, set)),
        ["Transformer"] = (ml, set) => ml.Forecasting.ForecastByTransformer(Common(new TransformerForecastingEstimator.Options { Width = 8, Heads = 2, Layers = 1 }, set)),
        ["network"] = (ml, set) => ml.Forecasting.ForecastByNetwork(Network.Input().Flatten().Dense(16).Relu().TaskOutput(), Common(new NetworkForecastingEstimator.Options(), set)),
    };

    private static T Common<T>(T options, Action<ForecastingOptions> set)
        where T : ForecastingOptions
    {
        DLinearForecastingEstimator.Options common = Readings.Keyed();
        options.WindowSize = common.WindowSize;
        options.Horizon = common.Horizon;
        options.ConfidenceLowerBoundColumn = common.ConfidenceLowerBoundColumn;
        options.ConfidenceUpperBoundColumn = common.ConfidenceUpperBoundColumn;
        options.ConfidenceLevel = common.ConfidenceLevel;
        options.TimeColumnName = common.TimeColumnName;
        options.SeriesKeyColumnName = common.SeriesKeyColumnName;
        options.Epochs = common.Epochs;
        options.BatchSize = common.BatchSize;
        options.Optimizer = common.Optimizer with { LearningRate = 0.01f };
        set(options);
        return options;
    }

    /// <summary>What every forecaster promises: schema as foretold, the same seed the same bits, nothing changed by saving and loading, a token ends training.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_forecaster_keeps_the_contract(string kind)
    {
        MLContext ml = new(seed: 5);
        IDataView data = ml.View(Readings.Two(60)), later = ml.View(Readings.Two(80).Skip(120));
        ForecastingEstimator estimator = Estimators[kind](ml, _ => { });
        SchemaShape promised = estimator.GetOutputSchema(Schemas.Shape(data.Schema));
        ForecastingTransformer model = estimator.Fit(data);
        Schemas.Keeps(promised, model.GetOutputSchema(data.Schema));
        Assert.Equal(data.Schema.Select(c => c.Name).Concat(["Forecast", "Low", "High"]), model.Transform(data).Schema.Select(c => c.Name));
        Assert.Equal(Schemas.Describe(model.GetOutputSchema(data.Schema)), Schemas.Describe(model.Transform(data).Schema));
        Assert.False(model.IsRowToRowMapper);
        Assert.Throws<InvalidOperationException>(() => model.GetRowToRowMapper(data.Schema));

        string[] outputs = ["Forecast", "Low", "High"];
        Dictionary<string, int[][]> expected = outputs.ToDictionary(o => o, o => Bits.Of(model.Transform(later), o));
        Assert.All(expected["Forecast"].SelectMany(r => r), b => Assert.True(float.IsFinite(BitConverter.Int32BitsToSingle(b))));
        Assert.Equal(expected["Forecast"], Again(5));
        Assert.NotEqual(expected["Forecast"], Again(6));

        using MemoryStream stream = new();
        ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out DataViewSchema schema);
        Assert.Equal(data.Schema.Select(c => c.Name), schema.Select(c => c.Name));
        foreach (string output in outputs)
            Assert.Equal(expected[output], Bits.Of(loaded.Transform(later), output));
        Assert.Equal(model.Forecast()[1].Upper, ((ForecastingTransformer)loaded).Forecast()[1].Upper);

        Parallel.For(0, 4, _ => Assert.Equal(expected["Forecast"], Bits.Of(model.Transform(later), "Forecast")));

        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Estimators[kind](ml, o => o.CancellationToken = source.Token).Fit(data));

        // A context's random numbers depend on what was asked of it before.
        int[][] Again(int seed)
        {
            MLContext again = new(seed);
            IDataView rows = again.View(Readings.Two(60)), rest = again.View(Readings.Two(80).Skip(120));
            return Bits.Of(Estimators[kind](again, _ => { }).Fit(rows).Transform(rest), "Forecast");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_wave_on_a_slope_is_learned(string kind)
    {
        IDataView data = Ml.View(Readings.Two(110));
        var result = Ml.Forecasting.Backtest(data, Estimators[kind](Ml, o =>
        {
            o.Seed = 1;
            o.Epochs = 60;
        }), origins: 4, refit: false);
        Assert.True(result.Model.Overall.Mase < result.SeasonalNaive.Overall.Mase, result.ToString());
        Assert.True(result.Model.Overall.Mase < result.Naive.Overall.Mase, result.ToString());
        Assert.Equal(["hill", "vale"], result.Model.BySeries.Keys);
        Assert.Equal(12, result.SeasonLength);
        Assert.Equal(2 * 4 * 4, result.Model.Overall.Count);
    }

    [Fact]
    public void Simple_calls_are_ssas_with_another_name()
    {
        ITransformer model = Ml.Forecasting.ForecastByDLinear("Forecast", "Value", windowSize: 12, horizon: 3, confidenceLowerBoundColumn: "Low", confidenceUpperBoundColumn: "High", confidenceLevel: 0.9f, epochs: 2)
            .Fit(Ml.View(Readings.Wave(50)));
        float[][] forecasts = [.. model.Transform(Ml.View(Readings.Wave(50))).GetColumn<float[]>("Forecast")];
        Assert.Equal(50, forecasts.Length);
        Assert.All(forecasts, f => Assert.Equal(3, f.Length));
        Assert.IsType<NBeatsForecastingEstimator>(Ml.Forecasting.ForecastByNBeats("Forecast", "Value", 12, 3));
        Assert.IsType<LstmForecastingEstimator>(Ml.Forecasting.ForecastByLstm("Forecast", "Value", windowSize: 12, horizon: 3));
        Assert.IsType<GruForecastingEstimator>(Ml.Forecasting.ForecastByGru("Forecast", "Value", 12, 3));
        Assert.IsType<TcnForecastingEstimator>(Ml.Forecasting.ForecastByTcn("Forecast", "Value", 12, 3));
        Assert.IsType<TransformerForecastingEstimator>(Ml.Forecasting.ForecastByTransformer("Forecast", "Value", 12, 3));
        Assert.IsType<NetworkForecastingEstimator>(Ml.Forecasting.ForecastByNetwork(Network.Input().Flatten().TaskOutput(), "Forecast", "Value", 12, 3));
    }

    [Fact]
    public void Rows_go_on_from_what_the_model_knows_or_start_anew()
    {
        List<Reading> rows = Readings.Wave(80);
        ForecastingTransformer model = Ml.Forecasting.ForecastByDLinear(Readings.Options()).Fit(Ml.View(rows.Take(60)));
        float[][] after = [.. model.Transform(Ml.View(rows.Skip(60))).GetColumn<float[]>("Forecast")];
        float[][] whole = [.. model.Transform(Ml.View(rows)).GetColumn<float[]>("Forecast")];

        // Of the whole data the first rows have no window before them.
        Assert.All(whole.Take(11).SelectMany(f => f), v => Assert.True(float.IsNaN(v)));
        Assert.All(whole.Skip(11).SelectMany(f => f), v => Assert.True(float.IsFinite(v)));
        for (int i = 0; i < 20; i++)
            Assert.All(after[i].Zip(whole[60 + i]), p => Assert.Equal(p.First, p.Second, 1e-4f));
        Assert.Equal(model.Forecast()[0].Values.Count, model.Horizon);
        Assert.All(model.Forecast()[0].Values.Zip(whole[59]), p => Assert.Equal(p.First, p.Second, 1e-4f));
        Assert.Equal(rows.Skip(60).Take(4).Select(r => r.Time), model.Forecast()[0].Times);
    }

    [Fact]
    public void A_forecast_never_depends_on_later_rows()
    {
        List<Reading> rows = Readings.Wave(80);
        rows[40].Value = float.NaN;
        rows[41].Value = float.NaN;
        ForecastingTransformer model = Ml.Forecasting.ForecastByDLinear(Readings.Options().With(o => o.Differencing = true)).Fit(Ml.View(Readings.Wave(60)));
        float[][] whole = [.. model.Transform(Ml.View(rows)).GetColumn<float[]>("Forecast")];
        foreach (int count in new[] { 38, 41, 42, 43, 60 })
        {
            float[][] part = [.. model.Transform(Ml.View(rows.Take(count))).GetColumn<float[]>("Forecast")];
            Assert.Equal(count, part.Length);
            Assert.All(part[^1].Zip(whole[count - 1]), p => Assert.Equal(p.First, p.Second, 1e-4f));
        }
    }

    [Fact]
    public void Other_columns_come_along_and_only_those_needed_are_read()
    {
        List<Reading> rows = Readings.Two(200);
        ForecastingTransformer model = Ml.Forecasting.ForecastByDLinear(Readings.Keyed().With(o => o.Epochs = 1)).Fit(Ml.View(rows));
        IDataView scored = model.Transform(Ml.View(rows));
        Assert.Equal(rows.Select(r => r.Place), scored.GetColumn<string>("Place"));
        var both = Ml.Data.CreateEnumerable<ReadingWithForecast>(scored, reuseRowObject: false).ToArray();
        Assert.Equal(rows.Select(r => r.Value), both.Select(b => b.Value));
        Assert.Equal(Bits.Of(scored, "Forecast"), both.Select(b => Bits.Of(b.Forecast)));
        IDataView bare = Ml.Transforms.SelectColumns("Value", "Place", "Time").Fit(Ml.View(rows)).Transform(Ml.View(rows));
        Assert.Equal(Bits.Of(scored, "High"), Bits.Of(model.Transform(bare), "High"));
    }

    [Fact]
    public void A_saved_model_forecasts_in_a_fresh_process()
    {
        IDataView data = Ml.View(Readings.Wave(60));
        ForecastingTransformer model = Ml.Forecasting.ForecastByDLinear(Readings.Options()).Fit(data);
        string file = Path.GetTempFileName();
        try
        {
            Ml.Model.Save(model, data.Schema, file);
            Assert.Equal(FreshProcess.Forecast(Ml, model), FreshProcess.Forecast(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Progress_goes_to_the_callback_and_the_log()
    {
        List<string> told = [], logged = [];
        MLContext ml = new(seed: 1);
        ml.Log += (_, e) => logged.Add(e.RawMessage);
        ml.Forecasting.ForecastByDLinear(Readings.Options().With(o =>
        {
            o.Epochs = 40;
            o.Progress = told.Add;
            o.EarlyStopping = new(patience: 3);
            o.Optimizer = new Optimizers.Adam { LearningRate = 0.3f };
        })).Fit(ml.View(Readings.Wave(60)));
        Assert.Contains(told, l => l.Contains("val_loss", StringComparison.Ordinal));
        Assert.Contains(told, l => l.StartsWith("Stopped after epoch", StringComparison.Ordinal));
        Assert.Contains(told, l => l.StartsWith("Training anew on all 45 windows", StringComparison.Ordinal));
        Assert.Empty(told.Except(logged));
    }

    public class ReadingWithForecast : Reading
    {
        public float[] Forecast { get; set; } = [];
    }
}
