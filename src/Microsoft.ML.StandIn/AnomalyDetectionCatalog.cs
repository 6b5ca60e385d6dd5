using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Trainers and evaluations for finding what is unlike the rest.</summary>
public sealed class AnomalyDetectionCatalog : TrainCatalogBase
{
    internal AnomalyDetectionCatalog(IHostEnvironment env)
        : base(env, nameof(AnomalyDetectionCatalog))
        => Trainers = new AnomalyDetectionTrainers(this);

    /// <summary>The trainers.</summary>
    public AnomalyDetectionTrainers Trainers { get; }

    /// <summary>Compares scores with labels. Rows in which either is missing are left out.</summary>
    /// <param name="data">The scored data.</param>
    /// <param name="labelColumnName">The label, Single or a key of two values: above 0 (the key's second value) for anomalies.</param>
    /// <param name="scoreColumnName">The score, higher for anomalies.</param>
    /// <param name="predictedLabelColumnName">The predicted label.</param>
    /// <param name="falsePositiveCount">Number of false positives that the detection rate is given at.</param>
    public AnomalyDetectionMetrics Evaluate(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel", int falsePositiveCount = 10)
    {
        ArgumentNullException.ThrowIfNull(data);
        return AnomalyEvaluation.Run(data, labelColumnName, scoreColumnName, predictedLabelColumnName, falsePositiveCount);
    }

    /// <summary>The trainers for anomalies.</summary>
    public sealed class AnomalyDetectionTrainers : CatalogInstantiatorBase
    {
        internal AnomalyDetectionTrainers(AnomalyDetectionCatalog catalog)
            : base(catalog)
        {
        }
    }
}
