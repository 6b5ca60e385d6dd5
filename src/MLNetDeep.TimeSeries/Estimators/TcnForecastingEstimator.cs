using Microsoft.ML.Runtime;

namespace MLNetDeep.TimeSeries.Estimators;

/// <summary>
/// Forecasts by a temporal convolutional network (Bai, Kolter and Koltun 2018): residual blocks of causal convolutions whose dilation doubles, until the last step sees the whole window.
/// See <see cref="ForecastingEstimator"/> for columns.
/// </summary>
public sealed class TcnForecastingEstimator : ForecastingEstimator
{
    private readonly Options _options;

    internal TcnForecastingEstimator(IHostEnvironment env, Options options)
        : base(env, options, nameof(TcnForecastingEstimator)) => _options = options;

    private protected override Network CreateNetwork(ForecastShape shape)
    {
        if (_options.Filters < 1 || _options.KernelSize < 2 || _options.Blocks is < 1 or > 24)
            throw new ArgumentException($"Filters is {_options.Filters}, KernelSize {_options.KernelSize} and Blocks {_options.Blocks}, expected at least 1, at least 2 and 1 to 24.");
        Network network = SequenceNetwork.Window(shape);
        long seen = 1;
        for (int block = 0; _options.Blocks is { } blocks ? block < blocks : block == 0 || seen < shape.Window; block++)
        {
            network = network.TcnBlock(_options.Filters, _options.KernelSize, 1 << block, _options.Dropout, projects: block == 0);
            seen += 2L * (_options.KernelSize - 1) << block;
        }

        return SequenceNetwork.Forecast(network.LastStep(), shape, 0);
    }

    /// <summary>The estimator's options.</summary>
    public sealed class Options : ForecastingOptions
    {
        /// <summary>Channels of a step. Default 32.</summary>
        public int Filters = 32;

        /// <summary>Length of the convolutions' windows, at least 2. Default 3.</summary>
        public int KernelSize = 3;

        /// <summary>Blocks. Default null: as many as it takes for the last step to see the whole window.</summary>
        public int? Blocks;

        /// <summary>Share of channels dropped after each convolution while training. Default 0.1.</summary>
        public double Dropout = 0.1;
    }
}
