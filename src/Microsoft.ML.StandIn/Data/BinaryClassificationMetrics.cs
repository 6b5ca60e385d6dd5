namespace Microsoft.ML.Data;

/// <summary>How well two classes were told apart.</summary>
public class BinaryClassificationMetrics
{
    private protected BinaryClassificationMetrics(BinaryClassificationMetrics other)
        : this(other.AreaUnderRocCurve, other.AreaUnderPrecisionRecallCurve, other.ConfusionMatrix)
    {
    }

    internal BinaryClassificationMetrics(double areaUnderRocCurve, double areaUnderPrecisionRecallCurve, ConfusionMatrix confusionMatrix)
    {
        AreaUnderRocCurve = areaUnderRocCurve;
        AreaUnderPrecisionRecallCurve = areaUnderPrecisionRecallCurve;
        ConfusionMatrix = confusionMatrix;
    }

    /// <summary>The chance that a positive row has a higher score than a negative one.</summary>
    public double AreaUnderRocCurve { get; }

    /// <summary>The share of rows that were right.</summary>
    public double Accuracy
    {
        get
        {
            var counts = ConfusionMatrix.Counts;
            return (counts[0][0] + counts[1][1]) / counts.Sum(row => row.Sum());
        }
    }

    /// <summary>The share of the rows taken for positive that are.</summary>
    public double PositivePrecision => ConfusionMatrix.PerClassPrecision[0];

    /// <summary>The share of the positive rows that were taken for positive.</summary>
    public double PositiveRecall => ConfusionMatrix.PerClassRecall[0];

    /// <summary>The share of the rows taken for negative that are.</summary>
    public double NegativePrecision => ConfusionMatrix.PerClassPrecision[1];

    /// <summary>The share of the negative rows that were taken for negative.</summary>
    public double NegativeRecall => ConfusionMatrix.PerClassRecall[1];

    /// <summary>The harmonic mean of <see cref="PositivePrecision"/> and <see cref="PositiveRecall"/>.</summary>
    public double F1Score => PositivePrecision + PositiveRecall is > 0 and var sum ? 2 * PositivePrecision * PositiveRecall / sum : 0;

    /// <summary>The area under the curve of precision over recall.</summary>
    public double AreaUnderPrecisionRecallCurve { get; }

    /// <summary>How often each class was taken for each, the positive one first.</summary>
    public ConfusionMatrix ConfusionMatrix { get; }
}
