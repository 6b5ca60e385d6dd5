using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Puts steps together into pipelines.</summary>
public static class LearningPipelineExtensions
{
    /// <summary>One step after another, or after a chain.</summary>
    public static EstimatorChain<TTrans> Append<TTrans>(this IEstimator<ITransformer> start, IEstimator<TTrans> estimator,
        TransformerScope scope = TransformerScope.Everything)
        where TTrans : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(estimator);
        // A chain that comes as a plain estimator becomes a step of its own; typed as a chain, its own Append flattens it.
        return start is EstimatorChain<ITransformer> chain
            ? chain.Append(estimator, scope)
            : new EstimatorChain<ITransformer>().Append(start).Append(estimator, scope);
    }

    /// <summary>A step whose output is kept in memory while later steps are fitted.</summary>
    public static EstimatorChain<TTrans> AppendCacheCheckpoint<TTrans>(this IEstimator<TTrans> start, IHostEnvironment env)
        where TTrans : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(start);
        return new EstimatorChain<ITransformer>().Append(start).AppendCacheCheckpoint(env);
    }

    /// <summary>One fitted step after another, or after a chain.</summary>
    public static TransformerChain<TTrans> Append<TTrans>(this ITransformer start, TTrans transformer)
        where TTrans : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(transformer);
        return start is TransformerChain<ITransformer> chain ? chain.Append(transformer) : new(start, transformer);
    }

    /// <summary>The estimator, with something done to what it becomes.</summary>
    public static IEstimator<TTransformer> WithOnFitDelegate<TTransformer>(this IEstimator<TTransformer> estimator, Action<TTransformer> onFit)
        where TTransformer : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(onFit);
        return new Watched<TTransformer>(estimator, onFit);
    }

    private sealed class Watched<TTransformer>(IEstimator<TTransformer> inner, Action<TTransformer> onFit) : IEstimator<TTransformer>
        where TTransformer : class, ITransformer
    {
        public TTransformer Fit(IDataView input)
        {
            var transformer = inner.Fit(input);
            onFit(transformer);
            return transformer;
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);
    }
}
