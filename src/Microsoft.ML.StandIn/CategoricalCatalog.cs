using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using static Microsoft.ML.Transforms.OneHotEncodingEstimator;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace Microsoft.ML;

/// <summary>The transforms of values out of a known set.</summary>
public static class CategoricalCatalog
{
    /// <summary>Gives for each value a vector that is one at the value's key and zero elsewhere.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The output column.</param>
    /// <param name="inputColumnName">The input column; the output column's name by default.</param>
    /// <param name="outputKind">What is given.</param>
    /// <param name="maximumNumberOfKeys">How many values get a key at most: the first ones seen.</param>
    /// <param name="keyOrdinality">The order of the keys.</param>
    /// <param name="keyData">A table of one column whose values get the keys, instead of those that are seen.</param>
    public static OneHotEncodingEstimator OneHotEncoding(this TransformsCatalog.CategoricalTransforms catalog, string outputColumnName,
        string? inputColumnName = null, OutputKind outputKind = OutputKind.Indicator, int maximumNumberOfKeys = 1000000,
        KeyOrdinality keyOrdinality = KeyOrdinality.ByOccurrence, IDataView? keyData = null)
        => OneHotEncoding(catalog, ColumnPairs.Of(outputColumnName, inputColumnName), outputKind, maximumNumberOfKeys, keyOrdinality, keyData);

    /// <summary>Gives for each value of columns a vector that is one at the value's key and zero elsewhere.</summary>
    public static OneHotEncodingEstimator OneHotEncoding(this TransformsCatalog.CategoricalTransforms catalog, InputOutputColumnPair[] columns,
        OutputKind outputKind = OutputKind.Indicator, int maximumNumberOfKeys = 1000000, KeyOrdinality keyOrdinality = KeyOrdinality.ByOccurrence,
        IDataView? keyData = null)
        => new(catalog.GetEnvironment(), columns, outputKind, maximumNumberOfKeys, keyOrdinality, keyData);
}
