using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The metrics of predicted numbers.</summary>
internal static class RegressionEvaluation
{
    public static RegressionMetrics Run(IDataView data, string labelColumn, string scoreColumn)
    {
        var label = EvaluationColumns.FindSingle(data, "label", labelColumn);
        var score = EvaluationColumns.FindSingle(data, "score", scoreColumn);
        using var cursor = data.GetRowCursor([label, score]);
        var readLabel = EvaluationColumns.NumberReader<float>(cursor, label);
        var readScore = EvaluationColumns.NumberReader<float>(cursor, score);

        long count = 0;
        double absolute = 0, squared = 0, labels = 0, labelSquares = 0;
        while (cursor.MoveNext())
        {
            double truth = readLabel(), guess = readScore();
            if (double.IsNaN(truth) || double.IsNaN(guess))
                continue;
            count++;
            absolute += Math.Abs(truth - guess);
            squared += (truth - guess) * (truth - guess);
            labels += truth;
            // In single precision, as ML.NET has it.
            labelSquares += (float)truth * (float)truth;
        }
        if (count == 0)
            return new(0, 0, 0);
        var mean = labels / count;
        var variance = (labelSquares / count) - (mean * mean);
        return new(absolute / count, squared / count, variance == 0 ? double.NaN : 1 - (squared / count / variance));
    }
}
