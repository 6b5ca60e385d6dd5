using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>The transforms of whole columns.</summary>
public static class TransformExtensionsCatalog
{
    /// <summary>Copies a column.</summary>
    public static ColumnCopyingEstimator CopyColumns(this TransformsCatalog catalog, string outputColumnName, string inputColumnName)
        => new(catalog.GetEnvironment(), new InputOutputColumnPair(outputColumnName, inputColumnName));

    /// <summary>Joins columns of one item type to one vector column.</summary>
    public static ColumnConcatenatingEstimator Concatenate(this TransformsCatalog catalog, string outputColumnName, params string[] inputColumnNames)
        => new(catalog.GetEnvironment(), outputColumnName, inputColumnNames);

    /// <summary>Leaves columns out.</summary>
    public static ColumnSelectingEstimator DropColumns(this TransformsCatalog catalog, params string[] columnNames)
        => new(catalog.GetEnvironment(), columnNames, drops: true, keepHidden: false);

    /// <summary>Keeps only some columns, in the order given.</summary>
    public static ColumnSelectingEstimator SelectColumns(this TransformsCatalog catalog, params string[] columnNames)
        => new(catalog.GetEnvironment(), columnNames, drops: false, keepHidden: false);

    /// <summary>Keeps only some columns, in the order given.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="columnNames">The columns.</param>
    /// <param name="keepHidden">Whether the columns that those hide are kept as well.</param>
    public static ColumnSelectingEstimator SelectColumns(this TransformsCatalog catalog, string[] columnNames, bool keepHidden)
        => new(catalog.GetEnvironment(), columnNames, drops: false, keepHidden);
}
