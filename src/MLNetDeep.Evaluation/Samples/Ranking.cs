namespace MLNetDeep.Evaluation.Samples;

/// <summary>Ranking figures of weighted rows in descending order of their scores.</summary>
internal static class Ranking
{
    /// <summary>The rows from the highest score to the lowest.</summary>
    public static int[] Order(double[] scores)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length)];
        double[] keys = [.. scores.Select(s => -s)];
        Array.Sort(keys, order);
        return order;
    }

    /// <summary>
    /// Calls back after each group of rows of one score, with the weight of the positive and of the negative rows so far.
    /// Groups without weight are passed over.
    /// </summary>
    public static void Walk(int[] order, double[] scores, Func<int, bool> positive, double[] weights, Action<double, double, double> visit)
    {
        double tp = 0, fp = 0;
        for (int i = 0; i < order.Length;)
        {
            double score = scores[order[i]], before = tp + fp;
            for (; i < order.Length && scores[order[i]] == score; i++)
            {
                double weight = weights[order[i]];
                if (positive(order[i]))
                    tp += weight;
                else
                    fp += weight;
            }

            if (tp + fp > before)
                visit(score, tp, fp);
        }
    }

    /// <summary>Areas under the ROC curve (trapezoids), under the precision-recall curve (steps: average precision), and under it by trapezoids.</summary>
    public static (double Roc, double AveragePrecision, double PrecisionRecall) Areas(int[] order, double[] scores, Func<int, bool> positive, double[] weights)
    {
        double roc = 0, steps = 0, trapezoids = 0, lastTp = 0, lastFp = 0, lastPrecision = 1;
        Walk(order, scores, positive, weights, (_, tp, fp) =>
        {
            double precision = tp / (tp + fp);
            roc += (fp - lastFp) * (tp + lastTp) / 2;
            steps += (tp - lastTp) * precision;
            trapezoids += (tp - lastTp) * (precision + lastPrecision) / 2;
            (lastTp, lastFp, lastPrecision) = (tp, fp, precision);
        });
        return (roc / (lastTp * lastFp), steps / lastTp, trapezoids / lastTp);
    }
}
