using Microsoft.ML.Runtime;

namespace MLNetDeep.TimeSeries.Estimators;

/// <summary>
/// Forecasts by DLinear (Zeng et al. 2023): one linear layer for the trend of the window and one for the rest. Quick to train, hard to beat on few data.
/// See <see cref="ForecastingEstimator"/> for columns.
/// </summary>
public sealed class DLinearForecastingEstimator : ForecastingEstimator
{
    private readonly Options _options;

    internal DLinearForecastingEstimator(IHostEnvironment env, Options options)
        : base(env, options, nameof(DLinearForecastingEstimator)) => _options = options;

    private protected override Network CreateNetwork(ForecastShape shape) =>
        Networks.DLinear(shape.Window, shape.Horizon, shape.Outputs, _options.MovingAverage, shape.Covariates, shape.Future);

    /// <summary>The estimator's options.</summary>
    public sealed class Options : ForecastingOptions
    {
        /// <summary>Steps of the moving average that is taken for the trend. Default 25, the paper's.</summary>
        public int MovingAverage = 25;
    }
}
