using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.TimeSeries;

/// <summary>Makes engines for models of time series.</summary>
public static class PredictionFunctionExtensions
{
    /// <summary>An engine with a state of its own, which each example moves on.</summary>
    /// <param name="transformer">The model.</param>
    /// <param name="env">The context.</param>
    /// <param name="ignoreMissingColumns">Whether members of predictions without a column are left alone instead of being an error.</param>
    /// <param name="inputSchemaDefinition">The examples' columns, where they differ from what the class declares.</param>
    /// <param name="outputSchemaDefinition">The predictions' columns, where they differ from what the class declares.</param>
    public static TimeSeriesPredictionEngine<TSrc, TDst> CreateTimeSeriesEngine<TSrc, TDst>(this ITransformer transformer, IHostEnvironment env,
        bool ignoreMissingColumns = false, SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new()
        => new(env, transformer, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition);

    /// <summary>An engine with a state of its own, which each example moves on.</summary>
    public static TimeSeriesPredictionEngine<TSrc, TDst> CreateTimeSeriesEngine<TSrc, TDst>(this ITransformer transformer, IHostEnvironment env, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(env, transformer, options);
    }
}
