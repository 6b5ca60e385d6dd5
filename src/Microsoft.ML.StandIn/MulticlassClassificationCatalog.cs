using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Trainers and evaluations for several classes.</summary>
public sealed partial class MulticlassClassificationCatalog : TrainCatalogBase
{
    internal MulticlassClassificationCatalog(IHostEnvironment env)
        : base(env, nameof(MulticlassClassificationCatalog))
        => Trainers = new MulticlassClassificationTrainers(this);

    /// <summary>The trainers.</summary>
    public MulticlassClassificationTrainers Trainers { get; }

    /// <summary>The trainers for several classes.</summary>
    public sealed class MulticlassClassificationTrainers : CatalogInstantiatorBase
    {
        internal MulticlassClassificationTrainers(MulticlassClassificationCatalog catalog)
            : base(catalog)
        {
        }
    }
}
