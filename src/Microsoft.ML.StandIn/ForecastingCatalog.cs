using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Forecasts of time series.</summary>
public sealed class ForecastingCatalog : TrainCatalogBase
{
    internal ForecastingCatalog(IHostEnvironment env)
        : base(env, nameof(ForecastingCatalog))
        => Trainers = new Forecasters(this);

    /// <summary>The trainers.</summary>
    public Forecasters Trainers { get; }

    /// <summary>The trainers of forecasts.</summary>
    public sealed class Forecasters : CatalogInstantiatorBase
    {
        internal Forecasters(ForecastingCatalog catalog)
            : base(catalog)
        {
        }
    }
}
