using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>How a prediction engine reads and fills objects.</summary>
public sealed class PredictionEngineOptions
{
    /// <summary>Whether members of predictions without a column are left alone instead of being an error; true by default.</summary>
    public bool IgnoreMissingColumns = true;

    /// <summary>The examples' columns, where they differ from what the class declares.</summary>
    public SchemaDefinition? InputSchemaDefinition;

    /// <summary>The predictions' columns, where they differ from what the class declares.</summary>
    public SchemaDefinition? OutputSchemaDefinition;

    /// <summary>Whether disposing the engine disposes the model; true by default.</summary>
    public bool OwnsTransformer = true;

    /// <summary>Creates options of their default values.</summary>
    public PredictionEngineOptions()
    {
    }
}
