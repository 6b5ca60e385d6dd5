using Microsoft.ML.Runtime;

namespace MLNetDeep.TimeSeries.Estimators;

/// <summary>
/// Forecasts by long short-term memory (Hochreiter and Schmidhuber 1997) that reads the window, and a linear layer for all steps of the horizon.
/// See <see cref="ForecastingEstimator"/> for columns.
/// </summary>
public sealed class LstmForecastingEstimator : ForecastingEstimator
{
    private readonly Options _options;

    internal LstmForecastingEstimator(IHostEnvironment env, Options options)
        : base(env, options, nameof(LstmForecastingEstimator)) => _options = options;

    private protected override Network CreateNetwork(ForecastShape shape)
    {
        if (_options.Layers < 1 || _options.Units < 1)
            throw new ArgumentException($"Layers is {_options.Layers} and Units {_options.Units}, expected each at least 1.");
        Network network = SequenceNetwork.Window(shape);
        for (int layer = 1; layer <= _options.Layers; layer++)
            network = network.Lstm(_options.Units, returnSequences: layer < _options.Layers, dropout: layer > 1 ? _options.Dropout : 0);
        return SequenceNetwork.Forecast(network, shape, _options.Dropout);
    }

    /// <summary>The estimator's options.</summary>
    public sealed class Options : ForecastingOptions
    {
        /// <summary>Size of each layer's state. Default 64.</summary>
        public int Units = 64;

        /// <summary>Layers one after the other. Default 1.</summary>
        public int Layers = 1;

        /// <summary>Share dropped between layers and after the last while training. Default 0.1.</summary>
        public double Dropout = 0.1;
    }
}
