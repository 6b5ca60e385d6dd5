using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Trainers and evaluations for two classes.</summary>
public sealed partial class BinaryClassificationCatalog : TrainCatalogBase
{
    internal BinaryClassificationCatalog(IHostEnvironment env)
        : base(env, nameof(BinaryClassificationCatalog))
        => Trainers = new BinaryClassificationTrainers(this);

    /// <summary>The trainers.</summary>
    public BinaryClassificationTrainers Trainers { get; }

    /// <summary>The trainers for two classes.</summary>
    public sealed class BinaryClassificationTrainers : CatalogInstantiatorBase
    {
        internal BinaryClassificationTrainers(BinaryClassificationCatalog catalog)
            : base(catalog)
        {
        }
    }
}
