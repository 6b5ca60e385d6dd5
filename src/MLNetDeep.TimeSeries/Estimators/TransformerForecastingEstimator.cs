using Microsoft.ML.Runtime;

namespace MLNetDeep.TimeSeries.Estimators;

/// <summary>
/// Forecasts by a Transformer encoder (Vaswani et al. 2017): each step of the window brought to a width, waves of its position added, pre-norm layers of self-attention, and a linear layer from all steps to all of the horizon.
/// See <see cref="ForecastingEstimator"/> for columns.
/// </summary>
public sealed class TransformerForecastingEstimator : ForecastingEstimator
{
    private readonly Options _options;

    internal TransformerForecastingEstimator(IHostEnvironment env, Options options)
        : base(env, options, nameof(TransformerForecastingEstimator)) => _options = options;

    private protected override Network CreateNetwork(ForecastShape shape)
    {
        if (_options.Width < 1 || _options.Heads < 1 || _options.Layers < 1 || _options.Width % _options.Heads != 0)
            throw new ArgumentException($"Width is {_options.Width}, Heads {_options.Heads} and Layers {_options.Layers}, expected each at least 1 and a width that is a multiple of the heads.");
        Network network = SequenceNetwork.Window(shape).Dense(_options.Width).SinePositionEncoding();
        for (int layer = 0; layer < _options.Layers; layer++)
            network = network.TransformerEncoder(_options.FeedForward ?? 4 * _options.Width, _options.Heads, _options.Dropout, new Layers.Gelu(), normalizeFirst: true);
        return SequenceNetwork.Forecast(network.LayerNormalization(1e-5).Flatten(), shape, _options.Dropout);
    }

    /// <summary>The estimator's options.</summary>
    public sealed class Options : ForecastingOptions
    {
        /// <summary>Length of a step's vector, a multiple of the heads. Default 32.</summary>
        public int Width = 32;

        /// <summary>Heads of attention. Default 4.</summary>
        public int Heads = 4;

        /// <summary>Layers one after the other. Default 2.</summary>
        public int Layers = 2;

        /// <summary>Size of the layers' hidden part. Default null: four times the width.</summary>
        public int? FeedForward;

        /// <summary>Share dropped while training. Default 0.1.</summary>
        public double Dropout = 0.1;
    }
}
