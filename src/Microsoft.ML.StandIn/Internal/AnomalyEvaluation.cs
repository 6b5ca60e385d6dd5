using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The metrics of anomalies found.</summary>
internal static class AnomalyEvaluation
{
    // A rate of false positives that the rows kept must suffice for, although nothing shows it.
    private const double KeptRate = 0.01;

    public static AnomalyDetectionMetrics Run(IDataView data, string labelColumn, string scoreColumn, string predictedColumn, int falsePositives)
    {
        if (falsePositives <= 0)
            throw new ArgumentOutOfRangeException(nameof(falsePositives), "Must be positive");
        var label = EvaluationColumns.Find(data, "label", labelColumn);
        if (!label.Type.Equals(NumberDataViewType.Single) && label.Type is not KeyDataViewType { Count: 2 })
            throw Shapes.Mismatch("label", labelColumn, "Single or a Key with cardinality 2", label.Type.ToString()!);
        var score = EvaluationColumns.FindSingle(data, "score", scoreColumn);
        EvaluationColumns.Find(data, "predicted label", predictedColumn);

        using var cursor = data.GetRowCursor([label, score]);
        var readLabel = EvaluationColumns.LabelReader(cursor, label);
        var readScore = EvaluationColumns.NumberReader<float>(cursor, score);
        List<(bool IsAnomaly, double Score)> rows = [];
        while (cursor.MoveNext())
        {
            double truth = readLabel(), value = readScore();
            if (!double.IsNaN(truth) && !double.IsNaN(value))
                rows.Add((truth > 0, value));
        }

        return new(BinaryEvaluation.AreaUnderRoc(rows), DetectionRate(rows, falsePositives));
    }

    private static double DetectionRate(List<(bool IsAnomaly, double Score)> rows, int falsePositives)
    {
        var anomalies = rows.Count(row => row.IsAnomaly);
        var found = 0;
        var wrong = 0;
        foreach (var (isAnomaly, _) in Highest(rows, (int)Math.Ceiling(Math.Max(Math.Max(KeptRate * (rows.Count - anomalies), falsePositives), anomalies))).OrderByDescending(row => row.Score))
        {
            if (isAnomaly)
                found++;
            else if (++wrong > falsePositives)
                break;
        }

        return found / (double)anomalies;
    }

    /// <summary>The rows down to so many ordinary ones; and, as ML.NET has it, such anomalies below them as no later row has pushed out.</summary>
    private static List<(bool IsAnomaly, double Score)> Highest(List<(bool IsAnomaly, double Score)> rows, int most)
    {
        PriorityQueue<(bool IsAnomaly, double Score), double> kept = new();
        var ordinary = 0;
        foreach (var row in rows)
        {
            if (ordinary == most && row.Score < kept.Peek().Score)
                continue;
            kept.Enqueue(row, row.Score);
            if (row.IsAnomaly || ordinary++ < most)
                continue;
            while (kept.Dequeue().IsAnomaly)
            {
            }

            ordinary--;
        }

        return [.. kept.UnorderedItems.Select(item => item.Element)];
    }
}
