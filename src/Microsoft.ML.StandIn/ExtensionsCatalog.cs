using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>The transforms for missing values.</summary>
public static class ExtensionsCatalog
{
    /// <summary>Says for each value whether it is missing.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The output column.</param>
    /// <param name="inputColumnName">The input column; the output column's name by default.</param>
    public static MissingValueIndicatorEstimator IndicateMissingValues(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null)
        => IndicateMissingValues(catalog, ColumnPairs.Of(outputColumnName, inputColumnName));

    /// <summary>Says for each value of columns whether it is missing.</summary>
    public static MissingValueIndicatorEstimator IndicateMissingValues(this TransformsCatalog catalog, InputOutputColumnPair[] columns)
        => new(catalog.GetEnvironment(), columns);

    /// <summary>Puts a value where one is missing.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The output column.</param>
    /// <param name="inputColumnName">The input column; the output column's name by default.</param>
    /// <param name="replacementMode">Which value.</param>
    /// <param name="imputeBySlot">Whether each slot of a vector of known size has its own.</param>
    public static MissingValueReplacingEstimator ReplaceMissingValues(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null,
        MissingValueReplacingEstimator.ReplacementMode replacementMode = MissingValueReplacingEstimator.ReplacementMode.DefaultValue, bool imputeBySlot = true)
        => ReplaceMissingValues(catalog, ColumnPairs.Of(outputColumnName, inputColumnName), replacementMode, imputeBySlot);

    /// <summary>Puts values where they are missing in columns.</summary>
    public static MissingValueReplacingEstimator ReplaceMissingValues(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        MissingValueReplacingEstimator.ReplacementMode replacementMode = MissingValueReplacingEstimator.ReplacementMode.DefaultValue, bool imputeBySlot = true)
        => new(catalog.GetEnvironment(), columns, replacementMode, imputeBySlot);
}
