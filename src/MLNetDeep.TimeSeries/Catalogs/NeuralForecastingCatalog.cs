using MLNetDeep;
using MLNetDeep.Interop;
using MLNetDeep.TimeSeries.Estimators;
using MLNetDeep.TimeSeries.Evaluation;

#pragma warning disable IDE0130 // Beside ML.NET's own forecasters, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds neural networks to ML.NET's forecasters.</summary>
public static class NeuralForecastingCatalog
{
    /// <summary>Forecasts by DLinear; see <see cref="DLinearForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Name of the column of forecasts to add: a vector of Single, one for each step of the horizon.</param>
    /// <param name="inputColumnName">Name of the column of values: Single.</param>
    /// <param name="windowSize">Steps of the past that the network sees.</param>
    /// <param name="horizon">Steps to forecast.</param>
    /// <param name="confidenceLowerBoundColumn">Name of the column of lower bounds to add; null for none.</param>
    /// <param name="confidenceUpperBoundColumn">Name of the column of upper bounds to add; null for none.</param>
    /// <param name="confidenceLevel">Share of values that lie between the bounds.</param>
    /// <param name="seriesKeyColumnName">Name of the column that says which series a row belongs to; null where all are one.</param>
    /// <param name="timeColumnName">Name of the column of dates; null where each row is a step after the one before.</param>
    /// <param name="epochs">How many times each window is learned from.</param>
    public static DLinearForecastingEstimator ForecastByDLinear(
        this ForecastingCatalog catalog, string outputColumnName, string inputColumnName, int windowSize, int horizon,
        string? confidenceLowerBoundColumn = null, string? confidenceUpperBoundColumn = null, float confidenceLevel = 0.95f,
        string? seriesKeyColumnName = null, string? timeColumnName = null, int epochs = 100) =>
        new(Internals.Environment(catalog), Set(
            new DLinearForecastingEstimator.Options(), outputColumnName, inputColumnName, windowSize, horizon,
            confidenceLowerBoundColumn, confidenceUpperBoundColumn, confidenceLevel, seriesKeyColumnName, timeColumnName, epochs));

    /// <summary>Forecasts by DLinear, with options; see <see cref="DLinearForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">The columns, the window, the horizon and how to train.</param>
    public static DLinearForecastingEstimator ForecastByDLinear(this ForecastingCatalog catalog, DLinearForecastingEstimator.Options options) =>
        new(Internals.Environment(catalog), options);

    /// <summary>Forecasts by N-BEATS; see <see cref="NBeatsForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Name of the column of forecasts to add: a vector of Single, one for each step of the horizon.</param>
    /// <param name="inputColumnName">Name of the column of values: Single.</param>
    /// <param name="windowSize">Steps of the past that the network sees.</param>
    /// <param name="horizon">Steps to forecast.</param>
    /// <param name="confidenceLowerBoundColumn">Name of the column of lower bounds to add; null for none.</param>
    /// <param name="confidenceUpperBoundColumn">Name of the column of upper bounds to add; null for none.</param>
    /// <param name="confidenceLevel">Share of values that lie between the bounds.</param>
    /// <param name="seriesKeyColumnName">Name of the column that says which series a row belongs to; null where all are one.</param>
    /// <param name="timeColumnName">Name of the column of dates; null where each row is a step after the one before.</param>
    /// <param name="epochs">How many times each window is learned from.</param>
    public static NBeatsForecastingEstimator ForecastByNBeats(
        this ForecastingCatalog catalog, string outputColumnName, string inputColumnName, int windowSize, int horizon,
        string? confidenceLowerBoundColumn = null, string? confidenceUpperBoundColumn = null, float confidenceLevel = 0.95f,
        string? seriesKeyColumnName = null, string? timeColumnName = null, int epochs = 100) =>
        new(Internals.Environment(catalog), Set(
            new NBeatsForecastingEstimator.Options(), outputColumnName, inputColumnName, windowSize, horizon,
            confidenceLowerBoundColumn, confidenceUpperBoundColumn, confidenceLevel, seriesKeyColumnName, timeColumnName, epochs));

    /// <summary>Forecasts by N-BEATS, with options; see <see cref="NBeatsForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">The columns, the window, the horizon and how to train.</param>
    public static NBeatsForecastingEstimator ForecastByNBeats(this ForecastingCatalog catalog, NBeatsForecastingEstimator.Options options) =>
        new(Internals.Environment(catalog), options);

    /// <summary>Forecasts by long short-term memory; see <see cref="LstmForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Name of the column of forecasts to add: a vector of Single, one for each step of the horizon.</param>
    /// <param name="inputColumnName">Name of the column of values: Single.</param>
    /// <param name="windowSize">Steps of the past that the network sees.</param>
    /// <param name="horizon">Steps to forecast.</param>
    /// <param name="confidenceLowerBoundColumn">Name of the column of lower bounds to add; null for none.</param>
    /// <param name="confidenceUpperBoundColumn">Name of the column of upper bounds to add; null for none.</param>
    /// <param name="confidenceLevel">Share of values that lie between the bounds.</param>
    /// <param name="seriesKeyColumnName">Name of the column that says which series a row belongs to; null where all are one.</param>
    /// <param name="timeColumnName">Name of the column of dates; null where each row is a step after the one before.</param>
    /// <param name="epochs">How many times each window is learned from.</param>
    public static LstmForecastingEstimator ForecastByLstm(
        this ForecastingCatalog catalog, string outputColumnName, string inputColumnName, int windowSize, int horizon,
        string? confidenceLowerBoundColumn = null, string? confidenceUpperBoundColumn = null, float confidenceLevel = 0.95f,
        string? seriesKeyColumnName = null, string? timeColumnName = null, int epochs = 100) =>
        new(Internals.Environment(catalog), Set(
            new LstmForecastingEstimator.Options(), outputColumnName, inputColumnName, windowSize, horizon,
            confidenceLowerBoundColumn, confidenceUpperBoundColumn, confidenceLevel, seriesKeyColumnName, timeColumnName, epochs));

    /// <summary>Forecasts by long short-term memory, with options; see <see cref="LstmForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">The columns, the window, the horizon and how to train.</param>
    public static LstmForecastingEstimator ForecastByLstm(this ForecastingCatalog catalog, LstmForecastingEstimator.Options options) =>
        new(Internals.Environment(catalog), options);

    /// <summary>Forecasts by gated recurrent units; see <see cref="GruForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Name of the column of forecasts to add: a vector of Single, one for each step of the horizon.</param>
    /// <param name="inputColumnName">Name of the column of values: Single.</param>
    /// <param name="windowSize">Steps of the past that the network sees.</param>
    /// <param name="horizon">Steps to forecast.</param>
    /// <param name="confidenceLowerBoundColumn">Name of the column of lower bounds to add; null for none.</param>
    /// <param name="confidenceUpperBoundColumn">Name of the column of upper bounds to add; null for none.</param>
    /// <param name="confidenceLevel">Share of values that lie between the bounds.</param>
    /// <param name="seriesKeyColumnName">Name of the column that says which series a row belongs to; null where all are one.</param>
    /// <param name="timeColumnName">Name of the column of dates; null where each row is a step after the one before.</param>
    /// <param name="epochs">How many times each window is learned from.</param>
    public static GruForecastingEstimator ForecastByGru(
        this ForecastingCatalog catalog, string outputColumnName, string inputColumnName, int windowSize, int horizon,
        string? confidenceLowerBoundColumn = null, string? confidenceUpperBoundColumn = null, float confidenceLevel = 0.95f,
        string? seriesKeyColumnName = null, string? timeColumnName = null, int epochs = 100) =>
        new(Internals.Environment(catalog), Set(
            new GruForecastingEstimator.Options(), outputColumnName, inputColumnName, windowSize, horizon,
            confidenceLowerBoundColumn, confidenceUpperBoundColumn, confidenceLevel, seriesKeyColumnName, timeColumnName, epochs));

    /// <summary>Forecasts by gated recurrent units, with options; see <see cref="GruForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">The columns, the window, the horizon and how to train.</param>
    public static GruForecastingEstimator ForecastByGru(this ForecastingCatalog catalog, GruForecastingEstimator.Options options) =>
        new(Internals.Environment(catalog), options);

    /// <summary>Forecasts by a temporal convolutional network; see <see cref="TcnForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Name of the column of forecasts to add: a vector of Single, one for each step of the horizon.</param>
    /// <param name="inputColumnName">Name of the column of values: Single.</param>
    /// <param name="windowSize">Steps of the past that the network sees.</param>
    /// <param name="horizon">Steps to forecast.</param>
    /// <param name="confidenceLowerBoundColumn">Name of the column of lower bounds to add; null for none.</param>
    /// <param name="confidenceUpperBoundColumn">Name of the column of upper bounds to add; null for none.</param>
    /// <param name="confidenceLevel">Share of values that lie between the bounds.</param>
    /// <param name="seriesKeyColumnName">Name of the column that says which series a row belongs to; null where all are one.</param>
    /// <param name="timeColumnName">Name of the column of dates; null where each row is a step after the one before.</param>
    /// <param name="epochs">How many times each window is learned from.</param>
    public static TcnForecastingEstimator ForecastByTcn(
        this ForecastingCatalog catalog, string outputColumnName, string inputColumnName, int windowSize, int horizon,
        string? confidenceLowerBoundColumn = null, string? confidenceUpperBoundColumn = null, float confidenceLevel = 0.95f,
        string? seriesKeyColumnName = null, string? timeColumnName = null, int epochs = 100) =>
        new(Internals.Environment(catalog), Set(
            new TcnForecastingEstimator.Options(), outputColumnName, inputColumnName, windowSize, horizon,
            confidenceLowerBoundColumn, confidenceUpperBoundColumn, confidenceLevel, seriesKeyColumnName, timeColumnName, epochs));

    /// <summary>Forecasts by a temporal convolutional network, with options; see <see cref="TcnForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">The columns, the window, the horizon and how to train.</param>
    public static TcnForecastingEstimator ForecastByTcn(this ForecastingCatalog catalog, TcnForecastingEstimator.Options options) =>
        new(Internals.Environment(catalog), options);

    /// <summary>Forecasts by a Transformer encoder; see <see cref="TransformerForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Name of the column of forecasts to add: a vector of Single, one for each step of the horizon.</param>
    /// <param name="inputColumnName">Name of the column of values: Single.</param>
    /// <param name="windowSize">Steps of the past that the network sees.</param>
    /// <param name="horizon">Steps to forecast.</param>
    /// <param name="confidenceLowerBoundColumn">Name of the column of lower bounds to add; null for none.</param>
    /// <param name="confidenceUpperBoundColumn">Name of the column of upper bounds to add; null for none.</param>
    /// <param name="confidenceLevel">Share of values that lie between the bounds.</param>
    /// <param name="seriesKeyColumnName">Name of the column that says which series a row belongs to; null where all are one.</param>
    /// <param name="timeColumnName">Name of the column of dates; null where each row is a step after the one before.</param>
    /// <param name="epochs">How many times each window is learned from.</param>
    public static TransformerForecastingEstimator ForecastByTransformer(
        this ForecastingCatalog catalog, string outputColumnName, string inputColumnName, int windowSize, int horizon,
        string? confidenceLowerBoundColumn = null, string? confidenceUpperBoundColumn = null, float confidenceLevel = 0.95f,
        string? seriesKeyColumnName = null, string? timeColumnName = null, int epochs = 100) =>
        new(Internals.Environment(catalog), Set(
            new TransformerForecastingEstimator.Options(), outputColumnName, inputColumnName, windowSize, horizon,
            confidenceLowerBoundColumn, confidenceUpperBoundColumn, confidenceLevel, seriesKeyColumnName, timeColumnName, epochs));

    /// <summary>Forecasts by a Transformer encoder, with options; see <see cref="TransformerForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="options">The columns, the window, the horizon and how to train.</param>
    public static TransformerForecastingEstimator ForecastByTransformer(this ForecastingCatalog catalog, TransformerForecastingEstimator.Options options) =>
        new(Internals.Environment(catalog), options);

    /// <summary>Forecasts by any network; see <see cref="NetworkForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="network">The network, for instance <c>Network.Input().Flatten().Dense(64).Relu().TaskOutput()</c>.</param>
    /// <param name="outputColumnName">Name of the column of forecasts to add: a vector of Single, one for each step of the horizon.</param>
    /// <param name="inputColumnName">Name of the column of values: Single.</param>
    /// <param name="windowSize">Steps of the past that the network sees.</param>
    /// <param name="horizon">Steps to forecast.</param>
    /// <param name="confidenceLowerBoundColumn">Name of the column of lower bounds to add; null for none.</param>
    /// <param name="confidenceUpperBoundColumn">Name of the column of upper bounds to add; null for none.</param>
    /// <param name="confidenceLevel">Share of values that lie between the bounds.</param>
    /// <param name="seriesKeyColumnName">Name of the column that says which series a row belongs to; null where all are one.</param>
    /// <param name="timeColumnName">Name of the column of dates; null where each row is a step after the one before.</param>
    /// <param name="epochs">How many times each window is learned from.</param>
    public static NetworkForecastingEstimator ForecastByNetwork(
        this ForecastingCatalog catalog, Network network, string outputColumnName, string inputColumnName, int windowSize, int horizon,
        string? confidenceLowerBoundColumn = null, string? confidenceUpperBoundColumn = null, float confidenceLevel = 0.95f,
        string? seriesKeyColumnName = null, string? timeColumnName = null, int epochs = 100) =>
        new(Internals.Environment(catalog), Set(
            new NetworkForecastingEstimator.Options { Network = network }, outputColumnName, inputColumnName, windowSize, horizon,
            confidenceLowerBoundColumn, confidenceUpperBoundColumn, confidenceLevel, seriesKeyColumnName, timeColumnName, epochs));

    /// <summary>Forecasts by any network, with options; see <see cref="NetworkForecastingEstimator"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="network">The network; in place of <see cref="NetworkForecastingEstimator.Options.Network"/>.</param>
    /// <param name="options">The columns, the window, the horizon and how to train. Not changed.</param>
    public static NetworkForecastingEstimator ForecastByNetwork(this ForecastingCatalog catalog, Network network, NetworkForecastingEstimator.Options options)
    {
        System.ArgumentNullException.ThrowIfNull(options);
        var all = (NetworkForecastingEstimator.Options)options.Copy();
        all.Network = network;
        return new(Internals.Environment(catalog), all);
    }

    /// <summary>
    /// Tries a forecaster out on the past: from each of several origins near the end it forecasts by what was known there, and what came is compared, beside the naive and the seasonal naive forecast.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows. Where estimators stand before the forecaster, transform the rows by those first.</param>
    /// <param name="estimator">The forecaster, such as <c>ml.Forecasting.ForecastByDLinear(...)</c>.</param>
    /// <param name="origins">Number of origins. The last one is a horizon before the end of each series.</param>
    /// <param name="stride">Steps from an origin to the next. Default null: a horizon, so that every step is forecast once.</param>
    /// <param name="seasonLength">Steps of a season, for the seasonal naive forecast and the MASE. Default null: by the step of the dates (12 for months, 4 for quarters, 7 for days, 24 for hours); 1 without a time column.</param>
    /// <param name="refit">Whether the forecaster is trained anew at every origin, as it would be in use. Default true; false trains at the first only, which is quicker.</param>
    /// <exception cref="System.ArgumentException">A column does not fit, or a series is too short for so many origins; it is named.</exception>
    /// <exception cref="System.InvalidOperationException">Rows do not make a series; it and the step are named.</exception>
    /// <exception cref="System.OperationCanceledException">The estimator's token was cancelled.</exception>
    public static BacktestResult Backtest(
        this ForecastingCatalog catalog, IDataView data, ForecastingEstimator estimator, int origins = 5, int? stride = null, int? seasonLength = null, bool refit = true)
    {
        System.ArgumentNullException.ThrowIfNull(catalog);
        System.ArgumentNullException.ThrowIfNull(data);
        System.ArgumentNullException.ThrowIfNull(estimator);
        return Backtester.Run(data, estimator, origins, stride, seasonLength, refit);
    }

    private static T Set<T>(
        T options, string output, string input, int window, int horizon, string? lower, string? upper, float level, string? key, string? time, int epochs)
        where T : ForecastingOptions
    {
        options.OutputColumnName = output;
        options.InputColumnName = input ?? output;
        options.WindowSize = window;
        options.Horizon = horizon;
        options.ConfidenceLowerBoundColumn = lower;
        options.ConfidenceUpperBoundColumn = upper;
        options.ConfidenceLevel = level;
        options.SeriesKeyColumnName = key;
        options.TimeColumnName = time;
        options.Epochs = epochs;
        return options;
    }
}
