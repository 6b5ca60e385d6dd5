using Microsoft.ML;
using MLNetDeep.Optimizers;
using MLNetDeep.TimeSeries;
using MLNetDeep.TimeSeries.Estimators;
using MLNetDeep.Training;

namespace Forecast;

/// <summary>The forecasters to choose from, each with its own network and all else the same.</summary>
internal static class Models
{
    public static IReadOnlyList<string> Names { get; } = ["dlinear", "nbeats", "lstm", "gru", "tcn", "transformer"];

    public static ForecastingEstimator Create(MLContext ml, string name, Example example) => name switch
    {
        "dlinear" => ml.Forecasting.ForecastByDLinear(Set(new DLinearForecastingEstimator.Options { MovingAverage = example.Season + 1 }, example, 0.005f)),
        "nbeats" => ml.Forecasting.ForecastByNBeats(Set(new NBeatsForecastingEstimator.Options { Dropout = 0.1 }, example, 0.001f)),
        "lstm" => ml.Forecasting.ForecastByLstm(Set(new LstmForecastingEstimator.Options { Units = 32 }, example, 0.003f)),
        "gru" => ml.Forecasting.ForecastByGru(Set(new GruForecastingEstimator.Options { Units = 32 }, example, 0.003f)),
        "tcn" => ml.Forecasting.ForecastByTcn(Set(new TcnForecastingEstimator.Options { Filters = 16 }, example, 0.002f)),
        _ => ml.Forecasting.ForecastByTransformer(Set(new TransformerForecastingEstimator.Options { Width = 16, Heads = 2, Layers = 1 }, example, 0.002f)),
    };

    private static T Set<T>(T options, Example example, float rate)
        where T : ForecastingOptions
    {
        options.OutputColumnName = nameof(Outlook.Forecast);
        options.ConfidenceLowerBoundColumn = nameof(Outlook.Low);
        options.ConfidenceUpperBoundColumn = nameof(Outlook.High);
        options.ConfidenceLevel = 0.8f;
        options.InputColumnName = nameof(Observation.Value);
        options.TimeColumnName = nameof(Observation.Month);
        options.WindowSize = example.Window;
        options.Horizon = example.Horizon;
        options.ValueTransform = example.Transform;
        options.SeasonalDifferencing = example.IsSeasonal ? example.Season : 0;
        options.CalibrationFraction = 0.3;

        // Few steps cannot teach a network quantiles: there, how far off it was at each step of the horizon says more.
        options.Likelihood = example.IsLong ? ForecastLikelihood.Quantile : ForecastLikelihood.Point;
        options.Optimizer = new AdamW { LearningRate = rate, WeightDecay = 0.01f, GlobalClipNorm = 1 };
        options.Epochs = 100;
        options.EarlyStopping = new EarlyStopping(patience: 15);
        options.Seed = 1;
        return options;
    }
}
