namespace Microsoft.ML;

/// <summary>A step of a pipeline that is yet to be fitted.</summary>
/// <typeparam name="TTransformer">What fitting gives.</typeparam>
public interface IEstimator<out TTransformer>
    where TTransformer : ITransformer
{
    /// <summary>Fits to data.</summary>
    TTransformer Fit(IDataView input);

    /// <summary>The shape of the columns that the fitted step will give, or an error where it cannot take these.</summary>
    SchemaShape GetOutputSchema(SchemaShape inputSchema);
}
