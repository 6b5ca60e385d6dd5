using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The metrics of two classes told apart.</summary>
internal static class BinaryEvaluation
{
    public static CalibratedBinaryClassificationMetrics Run(IDataView data, string labelColumn, string scoreColumn, string probabilityColumn, string predictedColumn)
    {
        var rows = Read(data, labelColumn, scoreColumn, predictedColumn, probabilityColumn);
        var metrics = ToMetrics(rows);
        var positive = rows.Count(row => row.Label) / (double)rows.Count;
        var entropy = -((positive * Math.Log2(positive)) + ((1 - positive) * Math.Log2(1 - positive)));
        var logLoss = rows.Average(row => -Math.Log2(row.Label ? row.Probability : 1 - row.Probability));
        return new(metrics, logLoss, entropy);
    }

    public static BinaryClassificationMetrics Run(IDataView data, string labelColumn, string scoreColumn, string predictedColumn)
        => ToMetrics(Read(data, labelColumn, scoreColumn, predictedColumn, probabilityColumn: null));

    private static List<Row> Read(IDataView data, string labelColumn, string scoreColumn, string predictedColumn, string? probabilityColumn)
    {
        var label = EvaluationColumns.Find(data, "label", labelColumn);
        if (label.Type is not (BooleanDataViewType or KeyDataViewType { Count: 2 }) && !label.Type.Equals(NumberDataViewType.Single) && !label.Type.Equals(NumberDataViewType.Double))
            throw Shapes.Mismatch("label", labelColumn, "Single, Double, Boolean, or a Key with cardinality 2", label.Type.ToString()!);
        var score = EvaluationColumns.FindSingle(data, "score", scoreColumn);
        EvaluationColumns.Find(data, "predicted label", predictedColumn);
        DataViewSchema.Column? probability = probabilityColumn is null ? null : EvaluationColumns.FindSingle(data, "probability", probabilityColumn);

        using var cursor = data.GetRowCursor(probability is { } needed ? [label, score, needed] : [label, score]);
        var readLabel = EvaluationColumns.LabelReader(cursor, label);
        var readScore = EvaluationColumns.NumberReader<float>(cursor, score);
        var readProbability = probability is { } column ? EvaluationColumns.NumberReader<float>(cursor, column) : () => 0;
        List<Row> rows = [];
        while (cursor.MoveNext())
        {
            double truth = readLabel(), value = readScore();
            if (!double.IsNaN(truth) && !double.IsNaN(value))
                rows.Add(new(truth > 0, value, readProbability()));
        }
        return rows;
    }

    /// <summary>The chance that a positive row has a higher score than a negative one.</summary>
    public static double AreaUnderRoc(IEnumerable<(bool Label, double Score)> rows)
    {
        Row[] sorted = [.. rows.OrderByDescending(row => row.Score).Select(row => new Row(row.Label, row.Score, 0))];
        double positives = sorted.Count(row => row.Label);
        CheckClasses(positives, sorted.Length - positives);
        return AreaUnderRoc(sorted, positives, sorted.Length - positives);
    }

    private static BinaryClassificationMetrics ToMetrics(List<Row> rows)
    {
        double[][] counts = [new double[2], new double[2]];
        foreach (var row in rows)
            counts[row.Label ? 0 : 1][row.Score > 0 ? 0 : 1]++;
        CheckClasses(counts[0].Sum(), counts[1].Sum());
        Row[] sorted = [.. rows.OrderByDescending(row => row.Score)];
        return new(AreaUnderRoc(sorted, counts[0].Sum(), counts[1].Sum()), AreaUnderPrecisionRecall(sorted, counts[0].Sum()),
            new ConfusionMatrix(counts, ["positive", "negative"], isBinary: true));
    }

    private static void CheckClasses(double positives, double negatives)
    {
        if (positives == 0)
            throw new ArgumentOutOfRangeException("data", "AUC is not defined when there is no positive class in the data");
        if (negatives == 0)
            throw new ArgumentOutOfRangeException("data", "AUC is not defined when there is no negative class in the data");
    }

    /// <summary>Positive rows before negative ones; rows of one score count half.</summary>
    private static double AreaUnderRoc(Row[] sorted, double positives, double negatives)
    {
        double area = 0, positivesBefore = 0;
        for (int i = 0, next; i < sorted.Length; i = next)
        {
            double positivesHere = 0;
            for (next = i; next < sorted.Length && sorted[next].Score == sorted[i].Score; next++)
                positivesHere += sorted[next].Label ? 1 : 0;
            area += (next - i - positivesHere) * (positivesBefore + (positivesHere / 2));
            positivesBefore += positivesHere;
        }
        return area / (positives * negatives);
    }

    /// <summary>Trapezoids between the points that each row adds; rows of one score stay in their order.</summary>
    private static double AreaUnderPrecisionRecall(Row[] sorted, double positives)
    {
        double area = 0, found = 0, lastRecall = 0, lastPrecision = 1;
        for (var i = 0; i < sorted.Length; i++)
        {
            found += sorted[i].Label ? 1 : 0;
            double recall = found / positives, precision = found / (i + 1);
            area += (recall - lastRecall) * (precision + lastPrecision) / 2;
            (lastRecall, lastPrecision) = (recall, precision);
        }
        return area;
    }

    private readonly record struct Row(bool Label, double Score, double Probability);
}
