namespace Microsoft.ML;

public abstract partial class TrainCatalogBase
{
    private protected CrossValidationResult<T>[] CrossValidate<T>(IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds,
        string labelColumnName, string? samplingKeyColumnName, int? seed, Func<IDataView, T> evaluate)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        var splits = new DataOperationsCatalog(Environment).CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed);
        return [.. splits.Select((split, fold) =>
        {
            var model = estimator.Fit(split.TrainSet);
            var scored = model.Transform(split.TestSet);
            return new CrossValidationResult<T>(model, evaluate(scored), scored, fold);
        })];
    }
}
