using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Base of the catalogs of trainers and evaluations for one kind of task.</summary>
public abstract partial class TrainCatalogBase : IInternalCatalog
{
    private protected TrainCatalogBase(IHostEnvironment env, string registrationName)
    {
        ArgumentNullException.ThrowIfNull(env);
        Environment = env.Register(registrationName);
    }

    IHostEnvironment IInternalCatalog.Environment => Environment;

    private protected IHostEnvironment Environment { get; }

    /// <summary>Base of the catalogs of trainers.</summary>
    public abstract class CatalogInstantiatorBase : IInternalCatalog
    {
        private protected CatalogInstantiatorBase(TrainCatalogBase catalog) => Owner = catalog;

        internal TrainCatalogBase Owner { get; }

        IHostEnvironment IInternalCatalog.Environment => Owner.Environment;
    }
}
