using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Trainers and evaluations for numbers.</summary>
public sealed partial class RegressionCatalog : TrainCatalogBase
{
    internal RegressionCatalog(IHostEnvironment env)
        : base(env, nameof(RegressionCatalog))
        => Trainers = new RegressionTrainers(this);

    /// <summary>The trainers.</summary>
    public RegressionTrainers Trainers { get; }

    /// <summary>The trainers for numbers.</summary>
    public sealed class RegressionTrainers : CatalogInstantiatorBase
    {
        internal RegressionTrainers(RegressionCatalog catalog)
            : base(catalog)
        {
        }
    }
}
