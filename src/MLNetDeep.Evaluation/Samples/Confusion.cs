namespace MLNetDeep.Evaluation.Samples;

/// <summary>Figures of a confusion matrix: a row for each true class, a column for each predicted one.</summary>
internal static class Confusion
{
    public static double[,] Count(int[] actual, int[] predicted, double[] weights, int classes)
    {
        double[,] counts = new double[classes, classes];
        for (int i = 0; i < actual.Length; i++)
            counts[actual[i], predicted[i]] += weights[i];
        return counts;
    }

    /// <summary>The weight of the true and the predicted rows of each class.</summary>
    public static (double[] Actual, double[] Predicted, double Total) Sums(double[,] counts)
    {
        int classes = counts.GetLength(0);
        double[] actual = new double[classes], predicted = new double[classes];
        double total = 0;
        for (int i = 0; i < classes; i++)
        {
            for (int j = 0; j < classes; j++)
            {
                actual[i] += counts[i, j];
                predicted[j] += counts[i, j];
                total += counts[i, j];
            }
        }

        return (actual, predicted, total);
    }

    /// <summary>Matthews' correlation, for several classes Gorodkin's (2004). 0 where all rows are of one class, or all are predicted as one.</summary>
    public static double Matthews(double[,] counts)
    {
        (double[] actual, double[] predicted, double total) = Sums(counts);
        double right = Enumerable.Range(0, actual.Length).Sum(i => counts[i, i]);
        double both = actual.Zip(predicted, (a, p) => a * p).Sum();
        double spread = (total * total - actual.Sum(a => a * a)) * (total * total - predicted.Sum(p => p * p));
        return spread <= 0 ? 0 : (right * total - both) / Math.Sqrt(spread);
    }

    /// <summary>Cohen's kappa. The weight of a confusion is the distance of the classes to the power of <paramref name="power"/>; 0 counts all alike.</summary>
    public static double Kappa(double[,] counts, int power)
    {
        (double[] actual, double[] predicted, double total) = Sums(counts);
        double observed = 0, expected = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            for (int j = 0; j < actual.Length; j++)
            {
                double weight = i == j ? 0 : Math.Pow(Math.Abs(i - j), power);
                observed += weight * counts[i, j];
                expected += weight * actual[i] * predicted[j] / total;
            }
        }

        // Nothing can be confused where there is one class only, and it was always predicted.
        return expected == 0 ? 1 : 1 - observed / expected;
    }

    /// <summary>a / b, and 0 where b is 0: a precision of nothing.</summary>
    public static double Ratio(double a, double b) => b == 0 ? 0 : a / b;

    /// <summary>The weighted harmonic mean of precision and recall.</summary>
    public static double FBeta(double precision, double recall, double beta) => Ratio((1 + beta * beta) * precision * recall, beta * beta * precision + recall);

    /// <summary>Precision, recall and F-beta over all classes that occur.</summary>
    public static (double Precision, double Recall, double FBeta) Average(double[,] counts, double beta, Average average)
    {
        (double[] actual, double[] predicted, double total) = Sums(counts);
        if (average == Evaluation.Average.Micro)
        {
            double accuracy = Ratio(Enumerable.Range(0, actual.Length).Sum(i => counts[i, i]), total);
            return (accuracy, accuracy, accuracy);
        }

        double precisions = 0, recalls = 0, fs = 0, weights = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            if (actual[i] == 0 && predicted[i] == 0)
                continue;
            double weight = average == Evaluation.Average.Macro ? 1 : actual[i];
            double precision = Ratio(counts[i, i], predicted[i]), recall = Ratio(counts[i, i], actual[i]);
            precisions += weight * precision;
            recalls += weight * recall;
            fs += weight * FBeta(precision, recall, beta);
            weights += weight;
        }

        return (precisions / weights, recalls / weights, fs / weights);
    }

    /// <summary>The recall of each class that has rows.</summary>
    public static double[] Recalls(double[,] counts)
    {
        (double[] actual, _, _) = Sums(counts);
        return [.. Enumerable.Range(0, actual.Length).Where(i => actual[i] > 0).Select(i => counts[i, i] / actual[i])];
    }

    /// <summary>Of the rows of other classes, the share not predicted as this one.</summary>
    public static double Specificity(double[,] counts, int index)
    {
        (double[] actual, double[] predicted, double total) = Sums(counts);
        return Ratio(total - actual[index] - predicted[index] + counts[index, index], total - actual[index]);
    }
}
