namespace MLNetDeep.Generation.Tabular;

/// <summary>How alike columns of two tables are, and pairs of columns. 1 is as alike as can be.</summary>
internal static class TableComparison
{
    /// <summary>Of quantities 1 less the Kolmogorov-Smirnov statistic of the values that are not missing, else 1 less the total variation of the categories.</summary>
    public static double Shape(double[] real, double[] made, bool isQuantity) => isQuantity ? 1 - KolmogorovSmirnov(real, made) : 1 - TotalVariation(real, made);

    /// <summary>The greatest difference of two distribution functions; missing values do not count.</summary>
    public static double KolmogorovSmirnov(double[] first, double[] second)
    {
        double[] a = Present(first), b = Present(second);
        if (a.Length == 0 || b.Length == 0)
            return a.Length == b.Length ? 0 : 1;
        Array.Sort(a);
        Array.Sort(b);
        double greatest = 0;
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            double at = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] <= at)
                i++;
            while (j < b.Length && b[j] <= at)
                j++;
            greatest = Math.Max(greatest, Math.Abs(((double)i / a.Length) - ((double)j / b.Length)));
        }

        return greatest;
    }

    /// <summary>Half the sum of the differences of how frequent each value is; missing is a value.</summary>
    public static double TotalVariation<T>(T[] first, T[] second)
        where T : notnull
    {
        Dictionary<T, double> differences = [];
        foreach (T value in first)
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(differences, value, out _) += 1.0 / first.Length;
        foreach (T value in second)
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(differences, value, out _) -= 1.0 / second.Length;
        return differences.Values.Sum(Math.Abs) / 2;
    }

    /// <summary>1 less half the difference of two tables' correlations of two columns of quantities; null where a column does not vary.</summary>
    public static double? CorrelationSimilarity((double[] A, double[] B) real, (double[] A, double[] B) made) =>
        Correlation(real.A, real.B) is { } first && Correlation(made.A, made.B) is { } second ? 1 - (Math.Abs(first - second) / 2) : null;

    /// <summary>1 less the total variation of the pairs of categories.</summary>
    public static double ContingencySimilarity((double[] A, double[] B) real, (double[] A, double[] B) made) => 1 - TotalVariation<(double, double)>([.. real.A.Zip(real.B)], [.. made.A.Zip(made.B)]);

    /// <summary>Pearson's correlation over the rows in which neither is missing; null where one does not vary in them.</summary>
    public static double? Correlation(double[] a, double[] b)
    {
        double meanA = 0, meanB = 0;
        long count = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (double.IsNaN(a[i]) || double.IsNaN(b[i]))
                continue;
            meanA += a[i];
            meanB += b[i];
            count++;
        }

        (meanA, meanB) = (meanA / count, meanB / count);
        double ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (double.IsNaN(a[i]) || double.IsNaN(b[i]))
                continue;
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }

        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : null;
    }

    /// <summary>Which of so many bins, equally wide from the least to the greatest of the real values, each value lies in; what lies outside is in the first or last, what is missing in none.</summary>
    public static double[] Bins(double[] values, double[] real, int count)
    {
        double[] present = Present(real);
        (double least, double most) = present.Length == 0 ? (0, 0) : (present.Min(), present.Max());
        return [.. values.Select(v => double.IsNaN(v) ? double.NaN : most > least ? Math.Clamp(Math.Floor((v - least) / (most - least) * count), 0, count - 1) : 0)];
    }

    /// <summary>
    /// How different two rows are (Gower 1971): the mean over columns of 1 for categories that differ or where one is missing, and for quantities of their difference over a range. Ends early where
    /// it is no less than <paramref name="enough"/>.
    /// </summary>
    public static double Distance(double[][] first, int row, double[][] second, int other, double[] ranges, double enough = double.PositiveInfinity)
    {
        double sum = 0, most = enough * ranges.Length;
        for (int f = 0; f < ranges.Length && sum < most; f++)
        {
            (double a, double b) = (first[f][row], second[f][other]);
            sum += a.Equals(b) ? 0 : ranges[f] > 0 && !double.IsNaN(a) && !double.IsNaN(b) ? Math.Min(Math.Abs(a - b) / ranges[f], 1) : 1;
        }

        return sum / ranges.Length;
    }

    /// <summary>The range of the values that are not missing; 0 for those of no quantity.</summary>
    public static double Range(double[] values, bool isQuantity)
    {
        double[] present = isQuantity ? Present(values) : [];
        return present.Length == 0 ? 0 : present.Max() - present.Min();
    }

    /// <summary>The mean distance from a row to the nearest other.</summary>
    public static double NearestDistance(double[][] columns, double[] ranges)
    {
        int count = columns[0].Length;
        double[] nearest = new double[count];
        Array.Fill(nearest, double.PositiveInfinity);
        for (int i = 0; i < count; i++)
        {
            for (int j = i + 1; j < count; j++)
            {
                double apart = Distance(columns, i, columns, j, ranges, Math.Max(nearest[i], nearest[j]));
                nearest[i] = Math.Min(nearest[i], apart);
                nearest[j] = Math.Min(nearest[j], apart);
            }
        }

        return count < 2 ? 0 : nearest.Average();
    }

    private static double[] Present(double[] values) => Array.FindAll(values, v => !double.IsNaN(v));
}
