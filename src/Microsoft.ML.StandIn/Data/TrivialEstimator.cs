using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>An estimator with nothing to learn: its transformer is there from the start.</summary>
/// <typeparam name="TTransformer">The transformer.</typeparam>
public abstract class TrivialEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : class, ITransformer
{
    internal readonly IHost Host;
    internal readonly TTransformer Transformer;

    private protected TrivialEstimator(IHost host, TTransformer transformer)
    {
        Host = host;
        Transformer = transformer;
    }

    /// <summary>Checks the columns and gives the transformer.</summary>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShape.Create(input.Schema));
        return Transformer;
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);
}
