using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The metrics of predicted classes.</summary>
internal static class MulticlassEvaluation
{
    private const double SmallestProbability = 1e-15;

    public static MulticlassClassificationMetrics Run(IDataView data, string labelColumn, string scoreColumn, string predictedColumn, int topK)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(topK);
        var label = EvaluationColumns.Find(data, "label", labelColumn);
        if (label.Type is not KeyDataViewType && !label.Type.Equals(NumberDataViewType.Single))
            throw Shapes.Mismatch("label", labelColumn, "Single or Key", label.Type.ToString()!);
        var score = EvaluationColumns.Find(data, "score", scoreColumn);
        if (score.Type is not VectorDataViewType { Size: >= 2 } scores || !scores.ItemType.Equals(NumberDataViewType.Single))
            throw Shapes.Mismatch("score", scoreColumn, "vector of two or more items of type Single", score.Type.ToString()!);
        EvaluationColumns.Find(data, "predicted label", predictedColumn);

        var classes = scores.Size;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(topK, classes);
        var counts = Enumerable.Range(0, classes).Select(_ => new double[classes]).ToArray();
        var classLoss = new double[classes];
        var ranks = new double[classes];
        double total = 0, loss = 0;

        using (var cursor = data.GetRowCursor([label, score]))
        {
            var readLabel = EvaluationColumns.LabelReader(cursor, label);
            var getScores = cursor.GetGetter<VBuffer<float>>(score);
            VBuffer<float> buffer = default;
            var values = new float[classes];
            while (cursor.MoveNext())
            {
                var truth = readLabel();
                getScores(ref buffer);
                buffer.CopyTo(values);
                if (double.IsNaN(truth) || truth < 0 || values.Any(float.IsNaN))
                    continue;
                total++;
                // A label beyond the scores has no probability and is never right.
                var known = truth < classes;
                var rowLoss = -Math.Log(known ? Math.Clamp(values[(int)truth], SmallestProbability, 1) : SmallestProbability);
                loss += rowLoss;
                if (!known)
                    continue;
                classLoss[(int)truth] += rowLoss;
                counts[(int)truth][IndexOfHighest(values)]++;
                ranks[RankOf(values, (int)truth)]++;
            }
        }
        return ToMetrics(counts, classLoss, ranks, total, loss, topK, score.SlotNamesOrNull());
    }

    private static MulticlassClassificationMetrics ToMetrics(double[][] counts, double[] classLoss, double[] ranks, double total, double loss, int topK, string[]? names)
    {
        var sizes = Array.ConvertAll(counts, row => row.Sum());
        var correct = counts.Select((row, i) => row[i]).Sum();
        var recalls = counts.Select((row, i) => row[i] / sizes[i]).Where(recall => !double.IsNaN(recall)).ToArray();
        var logLoss = total > 0 ? loss / total : 0;
        // The sign of a prior of zero matters: with one class only, the reduction is infinite.
        var prior = -sizes.Where(size => size > 0).Sum(size => size / total * Math.Log(size / total));
        double[]? topAccuracies = null;
        if (topK > 0)
        {
            topAccuracies = new double[topK];
            double found = 0;
            for (var k = 0; k < topK; k++)
                topAccuracies[k] = total > 0 ? (found += ranks[k]) / total : 0;
        }
        return new(
            microAccuracy: total > 0 ? correct / total : 0,
            macroAccuracy: recalls.Length > 0 ? recalls.Average() : 0,
            logLoss,
            logLossReduction: (prior - logLoss) / prior,
            perClassLogLoss: [.. classLoss.Zip(sizes, (sum, size) => size > 0 ? sum / size : 0)],
            topAccuracies,
            new ConfusionMatrix(counts, names ?? [.. sizes.Select((_, i) => i.ToString(CultureInfo.InvariantCulture))], isBinary: false));
    }

    private static int IndexOfHighest(float[] values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
            if (values[i] > values[best])
                best = i;
        return best;
    }

    /// <summary>How many classes come before this one; of equal scores the first comes first.</summary>
    private static int RankOf(float[] values, int index)
    {
        var rank = 0;
        for (var i = 0; i < values.Length; i++)
            if (values[i] > values[index] || (i < index && values[i] == values[index]))
                rank++;
        return rank;
    }
}
