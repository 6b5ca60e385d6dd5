using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.Support;

/// <summary>Writes metrics as text, to six decimals.</summary>
internal static class MetricsText
{
    public static string Of(BinaryClassificationMetrics m)
    {
        string text = $"accuracy {N(m.Accuracy)}, AUC {N(m.AreaUnderRocCurve)}, AUPRC {N(m.AreaUnderPrecisionRecallCurve)}, F1 {N(m.F1Score)}\n" +
            $"positive {N(m.PositivePrecision)} {N(m.PositiveRecall)}, negative {N(m.NegativePrecision)} {N(m.NegativeRecall)}\n";
        if (m is CalibratedBinaryClassificationMetrics c)
            text += $"log-loss {N(c.LogLoss)}, reduction {N(c.LogLossReduction)}, entropy {N(c.Entropy)}\n";
        return text + Of(m.ConfusionMatrix);
    }

    public static string Of(MulticlassClassificationMetrics m) =>
        $"micro {N(m.MicroAccuracy)}, macro {N(m.MacroAccuracy)}\n" +
        $"log-loss {N(m.LogLoss)}, reduction {N(m.LogLossReduction)}, per class {N(m.PerClassLogLoss)}\n" +
        $"top {m.TopKPredictionCount}: {N(m.TopKAccuracy)} of {(m.TopKAccuracyForAllK is null ? "none" : N(m.TopKAccuracyForAllK))}\n" +
        Of(m.ConfusionMatrix);

    public static string Of(RegressionMetrics m) =>
        $"MAE {N(m.MeanAbsoluteError)}, MSE {N(m.MeanSquaredError)}, RMSE {N(m.RootMeanSquaredError)}, loss {N(m.LossFunction)}, R2 {N(m.RSquared)}";

    public static string Of(ConfusionMatrix m) =>
        $"{m.NumberOfClasses} classes: {string.Join(" / ", m.Counts.Select(N))}; precision {N(m.PerClassPrecision)}; recall {N(m.PerClassRecall)}";

    private static string N(IEnumerable<double> values) => string.Join(" ", values.Select(N));

    private static string N(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
