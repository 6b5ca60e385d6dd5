using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Looks at the first rows of data.</summary>
public static class DebuggerExtensions
{
    /// <summary>The first rows of a table.</summary>
    public static DataDebuggerPreview Preview(this IDataView data, int maxRows = 100)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(maxRows);
        return new DataDebuggerPreview(data, maxRows);
    }

    /// <summary>The first rows of what a transformer gives.</summary>
    public static DataDebuggerPreview Preview(this ITransformer transformer, IDataView data, int maxRows = 100)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return transformer.Transform(data).Preview(maxRows);
    }

    /// <summary>The first rows of what an estimator gives once fitted to the first rows.</summary>
    public static DataDebuggerPreview Preview(this IEstimator<ITransformer> estimator, IDataView data, int maxRows = 100, int maxTrainingRows = 100)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(data);
        return estimator.Fit(new SkipTakeDataView(data, 0, maxTrainingRows)).Transform(data).Preview(maxRows);
    }
}
