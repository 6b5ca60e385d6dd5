using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class RegressionCatalog
{
    /// <summary>Compares scores with labels. Rows in which either is missing are left out.</summary>
    public RegressionMetrics Evaluate(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score")
    {
        ArgumentNullException.ThrowIfNull(data);
        return RegressionEvaluation.Run(data, labelColumnName, scoreColumnName);
    }

    /// <summary>Fits and evaluates once for each fold of the data, on the other folds and on that fold.</summary>
    /// <param name="data">The data.</param>
    /// <param name="estimator">What is fitted.</param>
    /// <param name="numberOfFolds">The number of folds.</param>
    /// <param name="labelColumnName">The label.</param>
    /// <param name="samplingKeyColumnName">A column whose equal values stay in one fold.</param>
    /// <param name="seed">Makes the folds repeatable.</param>
    public IReadOnlyList<CrossValidationResult<RegressionMetrics>> CrossValidate(IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5,
        string labelColumnName = "Label", string? samplingKeyColumnName = null, int? seed = null)
        => CrossValidate(data, estimator, numberOfFolds, labelColumnName, samplingKeyColumnName, seed, scored => Evaluate(scored, labelColumnName));
}
