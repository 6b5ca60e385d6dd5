using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class MulticlassClassificationCatalog
{
    /// <summary>Compares scores with labels. The class of the highest score counts. Rows whose label or score is missing are left out.</summary>
    /// <param name="data">The scored data.</param>
    /// <param name="labelColumnName">The label: a key, or the class's index as a number.</param>
    /// <param name="scoreColumnName">The scores, one a class; its slot names are the classes' names.</param>
    /// <param name="predictedLabelColumnName">The predicted label; it must be there.</param>
    /// <param name="topKPredictionCount">How many of the highest scores count as right for the top-k accuracy; 0 for none.</param>
    public MulticlassClassificationMetrics Evaluate(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel", int topKPredictionCount = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        return MulticlassEvaluation.Run(data, labelColumnName, scoreColumnName, predictedLabelColumnName, topKPredictionCount);
    }

    /// <summary>Fits and evaluates once for each fold of the data, on the other folds and on that fold.</summary>
    /// <param name="data">The data.</param>
    /// <param name="estimator">What is fitted.</param>
    /// <param name="numberOfFolds">The number of folds.</param>
    /// <param name="labelColumnName">The label.</param>
    /// <param name="samplingKeyColumnName">A column whose equal values stay in one fold.</param>
    /// <param name="seed">Makes the folds repeatable.</param>
    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds = 5, string labelColumnName = "Label", string? samplingKeyColumnName = null, int? seed = null)
        => CrossValidate(data, estimator, numberOfFolds, labelColumnName, samplingKeyColumnName, seed, scored => Evaluate(scored, labelColumnName));
}
