namespace Microsoft.ML.Data;

/// <summary>The steps of a chain, whatever its last one is.</summary>
internal interface ITransformerChainAccessor
{
    /// <summary>The steps in order.</summary>
    ITransformer[] Transformers { get; }

    /// <summary>The scope of each.</summary>
    TransformerScope[] Scopes { get; }
}
