using Microsoft.ML.Runtime;

namespace MLNetDeep.TimeSeries.Estimators;

/// <summary>Forecasts by any network. See <see cref="ForecastingEstimator"/> for columns.</summary>
/// <remarks>
/// Names tell what the network's inputs are fed with: <c>values</c> (window, 1); <c>covariates</c> (window, covariates and calendar); <c>future</c> (horizon, covariates known in advance
/// and calendar); any other name, or none, (window, 1 + covariates and calendar): all of it. The network ends in <see cref="Network.TaskOutput"/>, or in as many numbers as the horizon needs:
/// for each step 3 for quantiles (low, median, high), 2 for a Gaussian (mean, and what the softplus of is the deviation), 1 for a point.
/// </remarks>
public sealed class NetworkForecastingEstimator : ForecastingEstimator
{
    private readonly Options _options;

    internal NetworkForecastingEstimator(IHostEnvironment env, Options options)
        : base(env, options, nameof(NetworkForecastingEstimator))
    {
        if (options.Network is null)
            throw new ArgumentException("Options.Network is not set: give the estimator a network, for instance Network.Input().Flatten().Dense(64).Relu().TaskOutput().", nameof(options));
        _options = options;
    }

    private protected override Network CreateNetwork(ForecastShape shape) => _options.Network!;

    /// <summary>The estimator's options.</summary>
    public sealed class Options : ForecastingOptions
    {
        /// <summary>The network. What it leaves open (sizes of inputs, number of outputs) comes from the window and the horizon.</summary>
        public Network? Network;
    }
}
