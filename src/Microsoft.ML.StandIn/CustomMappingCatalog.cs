using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Steps that call code of the user's.</summary>
public static class CustomMappingCatalog
{
    /// <summary>A step that computes columns of columns by code.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="mapAction">Fills a new output object of an input object.</param>
    /// <param name="contractName">The name of the class that gives the same code when a saved model is loaded; null where it will not be saved.</param>
    /// <param name="inputSchemaDefinition">The input's columns, where they differ from what the class declares.</param>
    /// <param name="outputSchemaDefinition">The output's columns, where they differ from what the class declares.</param>
    public static CustomMappingEstimator<TSrc, TDst> CustomMapping<TSrc, TDst>(this TransformsCatalog catalog, Action<TSrc, TDst> mapAction,
        string? contractName, SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
        where TSrc : class, new()
        where TDst : class, new()
        => new(catalog.GetEnvironment(), mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition);
}
