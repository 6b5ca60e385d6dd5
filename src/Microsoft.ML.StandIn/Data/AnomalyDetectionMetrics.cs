namespace Microsoft.ML.Data;

/// <summary>How well anomalies were found.</summary>
public sealed class AnomalyDetectionMetrics
{
    internal AnomalyDetectionMetrics(double areaUnderRocCurve, double detectionRate)
    {
        AreaUnderRocCurve = areaUnderRocCurve;
        DetectionRateAtFalsePositiveCount = detectionRate;
    }

    /// <summary>The chance that an anomaly has a higher score than an ordinary row.</summary>
    public double AreaUnderRocCurve { get; }

    /// <summary>The share of the anomalies that score higher than all but so many ordinary rows.</summary>
    public double DetectionRateAtFalsePositiveCount { get; }
}
