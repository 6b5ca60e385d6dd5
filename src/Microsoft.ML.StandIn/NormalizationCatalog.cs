using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>The transforms that scale numbers.</summary>
public static class NormalizationCatalog
{
    /// <summary>Scales by the smallest and the largest value seen.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The output column.</param>
    /// <param name="inputColumnName">The input column; the output column's name by default.</param>
    /// <param name="maximumExampleCount">How many rows are learnt from at most.</param>
    /// <param name="fixZero">Whether zero stays zero: values are then only scaled, not moved.</param>
    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null,
        long maximumExampleCount = 1000000000, bool fixZero = true)
        => NormalizeMinMax(catalog, ColumnPairs.Of(outputColumnName, inputColumnName), maximumExampleCount, fixZero);

    /// <summary>Scales columns by the smallest and the largest value seen in each.</summary>
    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = 1000000000, bool fixZero = true)
        => new(catalog.GetEnvironment(), columns, maximumExampleCount, () => new MinMaxStatistics(fixZero));

    /// <summary>Scales by the mean and the variance of the values seen.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The output column.</param>
    /// <param name="inputColumnName">The input column; the output column's name by default.</param>
    /// <param name="maximumExampleCount">How many rows are learnt from at most.</param>
    /// <param name="fixZero">Whether zero stays zero: values are then only scaled, not moved.</param>
    /// <param name="useCdf">Whether the result is the cumulative normal distribution of the value.</param>
    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null,
        long maximumExampleCount = 1000000000, bool fixZero = true, bool useCdf = false)
        => NormalizeMeanVariance(catalog, ColumnPairs.Of(outputColumnName, inputColumnName), maximumExampleCount, fixZero, useCdf);

    /// <summary>Scales columns by the mean and the variance of the values seen in each.</summary>
    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = 1000000000, bool fixZero = true, bool useCdf = false)
        => new(catalog.GetEnvironment(), columns, maximumExampleCount, () => new MeanVarianceStatistics(fixZero, useCdf));
}
