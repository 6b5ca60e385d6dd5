using MathNet.Numerics.Distributions;
using MLNetDeep.Evaluation.Samples;

namespace MLNetDeep.Evaluation.Bootstrapping;

/// <summary>Draws rows with replacement, within classes. A sample is nothing but other weights of the rows.</summary>
internal static class Bootstrap
{
    // Left out one by one to measure the skew of a figure; of more rows, as many groups of rows.
    private const int MostLeftOut = 200;

    public static Dictionary<string, ConfidenceInterval> Intervals(Sample sample, BootstrapOptions options)
    {
        options.Check();
        double[] values = sample.Compute(sample.Weights);
        double[][] draws = Draw(sample, options.Samples, options.Seed);
        double[][]? without = options.Method == BootstrapMethod.BCa ? LeaveOut(sample) : null;
        return sample.Names.Select((n, i) => (n, i)).ToDictionary(
            p => p.n, p => Interval(values[p.i], [.. draws.Select(d => d[p.i])], without is null ? null : [.. without.Select(w => w[p.i])], options.Confidence));
    }

    /// <summary>The figures of as many samples.</summary>
    public static double[][] Draw(Sample sample, int samples, int seed)
    {
        int[][] strata = Strata(sample);
        double[][] draws = new double[samples][];

        // Each sample has its own random numbers, so that the number of threads does not matter.
        Parallel.For(0, samples, s => draws[s] = sample.Compute(Weights(sample.Weights, strata, new Random(HashCode(seed, s)))));
        return draws;
    }

    /// <summary>The differences of the figures of two models on the same rows, drawn alike.</summary>
    public static double[][] Differences(Sample a, Sample b, int samples, int seed)
    {
        int[][] strata = Strata(a);
        double[][] draws = new double[samples][];
        Parallel.For(0, samples, s =>
        {
            double[] first = a.Compute(Weights(a.Weights, strata, new Random(HashCode(seed, s))));
            double[] second = b.Compute(Weights(b.Weights, strata, new Random(HashCode(seed, s))));
            draws[s] = [.. first.Zip(second, (x, y) => x - y)];
        });
        return draws;
    }

    /// <summary>An interval from the figures of samples.</summary>
    /// <param name="value">The figure itself.</param>
    /// <param name="draws">The figures of the samples.</param>
    /// <param name="without">The figures of the rows but a part of them (for BCa); null for percentiles.</param>
    /// <param name="confidence">How often it should hold the true value.</param>
    public static ConfidenceInterval Interval(double value, double[] draws, double[]? without, double confidence)
    {
        double[] sorted = [.. draws.Where(double.IsFinite).Order()];
        if (sorted.Length == 0 || !double.IsFinite(value))
            return new(value, double.NaN, double.NaN, confidence);
        double low = (1 - confidence) / 2, high = 1 - low;
        if (without is not null)
        {
            // Ties count half, so that a figure of few values is not taken for biased.
            double below = (sorted.Count(v => v < value) + 0.5 * sorted.Count(v => v == value)) / sorted.Length;
            double bias = Normal.InvCDF(0, 1, Math.Clamp(below, 0.5 / sorted.Length, 1 - 0.5 / sorted.Length));
            double skew = Skew([.. without.Where(double.IsFinite)]);
            (low, high) = (Corrected(low), Corrected(high));

            double Corrected(double share)
            {
                double z = bias + Normal.InvCDF(0, 1, share), rest = 1 - skew * z;
                return rest <= 0 ? share : Normal.CDF(0, 1, bias + z / rest);
            }
        }

        return new(value, Quantile(sorted, low), Quantile(sorted, high), confidence);
    }

    private static double[] Weights(double[] weights, int[][] strata, Random random)
    {
        double[] drawn = new double[weights.Length];
        foreach (int[] rows in strata)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                int row = rows[random.Next(rows.Length)];
                drawn[row] += weights[row];
            }
        }

        return drawn;
    }

    private static int[][] Strata(Sample sample) => sample.Strata is { } strata
        ? [.. Enumerable.Range(0, strata.Length).GroupBy(i => strata[i]).OrderBy(g => g.Key).Select(g => g.ToArray())]
        : [[.. Enumerable.Range(0, sample.Count)]];

    // Rows are dealt out to the groups class by class, so that none loses a class that has several rows.
    private static double[][] LeaveOut(Sample sample)
    {
        int[] dealt = [.. Strata(sample).SelectMany(s => s)];
        int groups = Math.Min(MostLeftOut, sample.Count);
        double[][] without = new double[groups][];
        Parallel.For(0, groups, g =>
        {
            double[] weights = [.. sample.Weights];
            for (int i = g; i < dealt.Length; i += groups)
                weights[dealt[i]] = 0;
            without[g] = weights.Any(w => w > 0) ? sample.Compute(weights) : [.. sample.Names.Select(_ => double.NaN)];
        });
        return without;
    }

    private static double Skew(double[] without)
    {
        if (without.Length == 0)
            return 0;
        double mean = without.Average(), squares = without.Sum(v => (mean - v) * (mean - v)), cubes = without.Sum(v => Math.Pow(mean - v, 3));
        return squares <= 0 ? 0 : cubes / (6 * Math.Pow(squares, 1.5));
    }

    private static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int index = (int)at;
        return index + 1 < sorted.Length ? sorted[index] + (at - index) * (sorted[index + 1] - sorted[index]) : sorted[^1];
    }

    // A fixed mixing: System.HashCode differs from process to process.
    private static int HashCode(int seed, int sample)
    {
        ulong x = (ulong)(uint)seed << 32 | (uint)sample;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return (int)(x ^ (x >> 31));
    }
}
