using Microsoft.ML;

namespace MLNetDeep.Tests.Imbalance;

/// <summary>A trainer that remembers what rows it was given.</summary>
internal sealed class Recording<TTransformer>(MLContext ml, IEstimator<TTransformer> inner) : IEstimator<TTransformer>
    where TTransformer : class, ITransformer
{
    public List<List<Rare>> Seen { get; } = [];

    public TTransformer Fit(IDataView input)
    {
        Seen.Add(Rare.Read(ml, input));
        return inner.Fit(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);
}
