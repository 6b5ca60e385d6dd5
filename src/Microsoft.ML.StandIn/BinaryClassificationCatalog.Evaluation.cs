using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class BinaryClassificationCatalog
{
    /// <summary>Compares scores and probabilities with labels. A score above zero stands for the positive class. Rows whose label or score is missing are left out.</summary>
    public CalibratedBinaryClassificationMetrics Evaluate(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string probabilityColumnName = "Probability", string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(data);
        return BinaryEvaluation.Run(data, labelColumnName, scoreColumnName, probabilityColumnName, predictedLabelColumnName);
    }

    /// <summary>Compares scores with labels. A score above zero stands for the positive class. Rows in which either is missing are left out.</summary>
    public BinaryClassificationMetrics EvaluateNonCalibrated(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(data);
        return BinaryEvaluation.Run(data, labelColumnName, scoreColumnName, predictedLabelColumnName);
    }

    /// <summary>Fits and evaluates once for each fold of the data, on the other folds and on that fold.</summary>
    /// <param name="data">The data.</param>
    /// <param name="estimator">What is fitted.</param>
    /// <param name="numberOfFolds">The number of folds.</param>
    /// <param name="labelColumnName">The label.</param>
    /// <param name="samplingKeyColumnName">A column whose equal values stay in one fold.</param>
    /// <param name="seed">Makes the folds repeatable.</param>
    public IReadOnlyList<CrossValidationResult<CalibratedBinaryClassificationMetrics>> CrossValidate(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds = 5, string labelColumnName = "Label", string? samplingKeyColumnName = null, int? seed = null)
        => CrossValidate(data, estimator, numberOfFolds, labelColumnName, samplingKeyColumnName, seed, scored => Evaluate(scored, labelColumnName));

    /// <summary>As <see cref="CrossValidate"/>, without probabilities.</summary>
    public IReadOnlyList<CrossValidationResult<BinaryClassificationMetrics>> CrossValidateNonCalibrated(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds = 5, string labelColumnName = "Label", string? samplingKeyColumnName = null, int? seed = null)
        => CrossValidate(data, estimator, numberOfFolds, labelColumnName, samplingKeyColumnName, seed, scored => EvaluateNonCalibrated(scored, labelColumnName));
}
