namespace Microsoft.ML;

/// <summary>A transformer that scores with a model.</summary>
/// <typeparam name="TModel">The kind of model.</typeparam>
public interface IPredictionTransformer<out TModel> : ITransformer
    where TModel : class
{
    /// <summary>The model.</summary>
    TModel Model { get; }
}
