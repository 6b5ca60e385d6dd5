using Microsoft.ML.Runtime;

namespace MLNetDeep.TimeSeries.Estimators;

/// <summary>
/// Forecasts by N-BEATS (Oreshkin et al. 2020): blocks of dense layers, each of which explains a part of the window and adds a part of the forecast.
/// See <see cref="ForecastingEstimator"/> for columns.
/// </summary>
public sealed class NBeatsForecastingEstimator : ForecastingEstimator
{
    private readonly Options _options;

    internal NBeatsForecastingEstimator(IHostEnvironment env, Options options)
        : base(env, options, nameof(NBeatsForecastingEstimator)) => _options = options;

    private protected override Network CreateNetwork(ForecastShape shape) => Networks.NBeats(
        shape.Window, shape.Horizon, shape.Outputs, _options.Interpretable, _options.Blocks, _options.Layers, _options.Units, _options.Degree, _options.Dropout, shape.Covariates, shape.Future);

    /// <summary>The estimator's options.</summary>
    public sealed class Options : ForecastingOptions
    {
        /// <summary>Whether the forecast is a sum of polynomials (trend) and waves (seasonality). Default false: blocks are free.</summary>
        public bool Interpretable;

        /// <summary>Blocks; of interpretable ones, in each of the two stacks. Default 3.</summary>
        public int Blocks = 3;

        /// <summary>Dense layers in a block. Default 4, the paper's.</summary>
        public int Layers = 4;

        /// <summary>Units of a dense layer. Default 64.</summary>
        public int Units = 64;

        /// <summary>Degree of the trend's polynomials. Default 2, the paper's.</summary>
        public int Degree = 2;

        /// <summary>Share of a block's hidden outputs dropped while training. Default 0.</summary>
        public double Dropout;
    }
}
