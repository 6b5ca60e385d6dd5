using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace Microsoft.ML;

/// <summary>The transforms that change types.</summary>
public static class ConversionsExtensionsCatalog
{
    /// <summary>Converts to another type.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The output column.</param>
    /// <param name="inputColumnName">The input column; the output column's name by default.</param>
    /// <param name="outputKind">The other type; of keys, the number type that stores them.</param>
    public static TypeConvertingEstimator ConvertType(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName,
        string? inputColumnName = null, DataKind outputKind = DataKind.Single)
        => ConvertType(catalog, ColumnPairs.Of(outputColumnName, inputColumnName), outputKind);

    /// <summary>Converts columns to another type.</summary>
    public static TypeConvertingEstimator ConvertType(this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns,
        DataKind outputKind = DataKind.Single)
        => new(catalog.GetEnvironment(), columns, outputKind);

    /// <summary>Gives what keys stand for.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The output column.</param>
    /// <param name="inputColumnName">The input column; the output column's name by default.</param>
    public static KeyToValueMappingEstimator MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string? inputColumnName = null)
        => MapKeyToValue(catalog, ColumnPairs.Of(outputColumnName, inputColumnName));

    /// <summary>Gives what the keys of columns stand for.</summary>
    public static KeyToValueMappingEstimator MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns)
        => new(catalog.GetEnvironment(), columns);

    /// <summary>Gives a vector that is one at the key's index and zero elsewhere.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The output column.</param>
    /// <param name="inputColumnName">The input column; the output column's name by default.</param>
    /// <param name="outputCountVector">Whether the vectors of a vector's keys are added up; otherwise they stand one after the other.</param>
    public static KeyToVectorMappingEstimator MapKeyToVector(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName,
        string? inputColumnName = null, bool outputCountVector = false)
        => MapKeyToVector(catalog, ColumnPairs.Of(outputColumnName, inputColumnName), outputCountVector);

    /// <summary>Gives vectors that are one at the keys' indices and zero elsewhere.</summary>
    public static KeyToVectorMappingEstimator MapKeyToVector(this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns,
        bool outputCountVector = false)
        => new(catalog.GetEnvironment(), columns, outputCountVector);

    /// <summary>Gives each different value a key.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The output column.</param>
    /// <param name="inputColumnName">The input column; the output column's name by default.</param>
    /// <param name="maximumNumberOfKeys">How many values get a key at most: the first ones seen.</param>
    /// <param name="keyOrdinality">The order of the keys.</param>
    /// <param name="addKeyValueAnnotationsAsText">Whether the column says what its keys stand for as text.</param>
    /// <param name="keyData">A table of one column whose values get the keys, instead of those that are seen.</param>
    public static ValueToKeyMappingEstimator MapValueToKey(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName,
        string? inputColumnName = null, int maximumNumberOfKeys = 1000000, KeyOrdinality keyOrdinality = KeyOrdinality.ByOccurrence,
        bool addKeyValueAnnotationsAsText = false, IDataView? keyData = null)
        => MapValueToKey(catalog, ColumnPairs.Of(outputColumnName, inputColumnName), maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);

    /// <summary>Gives each different value of each of the columns a key.</summary>
    public static ValueToKeyMappingEstimator MapValueToKey(this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns,
        int maximumNumberOfKeys = 1000000, KeyOrdinality keyOrdinality = KeyOrdinality.ByOccurrence, bool addKeyValueAnnotationsAsText = false,
        IDataView? keyData = null)
        => new(catalog.GetEnvironment(), columns, maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText, keyData);
}
