using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Gives the code of a custom mapping to models that were saved with its name.</summary>
/// <typeparam name="TSrc">The class of what the code reads.</typeparam>
/// <typeparam name="TDst">The class of what the code fills.</typeparam>
public abstract class CustomMappingFactory<TSrc, TDst> : ICustomMappingFactory
    where TSrc : class, new()
    where TDst : class, new()
{
    /// <summary>Creates the factory.</summary>
    protected CustomMappingFactory()
    {
    }

    /// <summary>The code.</summary>
    public abstract Action<TSrc, TDst> GetMapping();

    ITransformer ICustomMappingFactory.CreateTransformer(IHostEnvironment env, string contractName)
        => new CustomMappingTransformer<TSrc, TDst>(env, GetMapping(), contractName);
}
