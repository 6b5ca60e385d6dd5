namespace MLNetDeep.Generation.Tabular;

/// <summary>
/// A mixture of normal distributions of one variable that finds out how many it needs: variational inference with a Dirichlet process as prior of the weights (Blei and Jordan 2006;
/// Bishop 2006, 10.2), as scikit-learn's <c>BayesianGaussianMixture</c> and the mode-specific normalisation of Xu et al. 2019. Weights of what is not needed go to 0.
/// </summary>
internal static class VariationalMixture
{
    // As Xu et al. have it.
    private const double Concentration = 0.001, LeastWeight = 0.005, Tolerance = 1e-3, Regularization = 1e-6;
    private const int MostIterations = 100;

    /// <summary>A mode.</summary>
    public readonly record struct Mode(double Mean, double Deviation, double Weight);

    /// <summary>The modes of numbers, by rising mean; those of a weight under 0.005 are left out.</summary>
    /// <param name="values">The numbers, at least one, all finite.</param>
    /// <param name="most">Most modes.</param>
    public static Mode[] Fit(ReadOnlySpan<double> values, int most)
    {
        // On a scale of their own, so that what keeps variances from 0 is small whatever the unit.
        double[] x = values.ToArray();
        Array.Sort(x);
        double center = 0, spread = 0;
        foreach (double value in x)
            center += value / x.Length;
        foreach (double value in x)
            spread += (value - center) * (value - center) / x.Length;
        spread = Math.Sqrt(spread);
        if (!(spread > 0 && double.IsFinite(spread)))
            return [new(center, 0, 1)];
        for (int i = 0; i < x.Length; i++)
            x[i] = (x[i] - center) / spread;

        int count = Math.Min(most, x.Length);
        Parameters parameters = new(count);
        double[] responsibilities = Start(x, count);
        parameters.Update(x, responsibilities);
        double bound = double.NegativeInfinity;
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            double entropy = parameters.Expect(x, responsibilities);
            parameters.Update(x, responsibilities);
            double next = entropy + parameters.Bound();
            if (Math.Abs(next - bound) < Tolerance)
                break;
            bound = next;
        }

        return [.. parameters.Modes().Where(m => m.Weight > LeastWeight).OrderBy(m => m.Mean).Select(m => new Mode((m.Mean * spread) + center, m.Deviation * spread, m.Weight))];
    }

    // Responsibilities of k-means, from quantiles on: each value belongs to its nearest centre.
    private static double[] Start(double[] sorted, int count)
    {
        double[] centers = [.. Enumerable.Range(0, count).Select(k => sorted[(int)((k + 0.5) / count * sorted.Length)])];
        int[] nearest = new int[sorted.Length];
        for (int iteration = 0; iteration < 50; iteration++)
        {
            bool moved = false;
            double[] sums = new double[count];
            int[] counts = new int[count];
            for (int i = 0; i < sorted.Length; i++)
            {
                int best = 0;
                for (int k = 1; k < count; k++)
                {
                    if (Math.Abs(sorted[i] - centers[k]) < Math.Abs(sorted[i] - centers[best]))
                        best = k;
                }

                moved |= nearest[i] != best;
                nearest[i] = best;
                sums[best] += sorted[i];
                counts[best]++;
            }

            for (int k = 0; k < count; k++)
                centers[k] = counts[k] > 0 ? sums[k] / counts[k] : centers[k];
            if (!moved && iteration > 0)
                break;
        }

        double[] responsibilities = new double[sorted.Length * count];
        for (int i = 0; i < sorted.Length; i++)
            responsibilities[(i * count) + nearest[i]] = 1;
        return responsibilities;
    }

    // Of the posterior: sticks broken by beta distributions, means and precisions by a normal-Wishart distribution in one dimension.
    private sealed class Parameters(int count)
    {
        private readonly double[] _a = new double[count], _b = new double[count], _beta = new double[count], _mean = new double[count], _freedom = new double[count], _variance = new double[count];

        public void Update(double[] x, double[] responsibilities)
        {
            double[] n = new double[count], means = new double[count], variances = new double[count];
            for (int i = 0; i < x.Length; i++)
            {
                for (int k = 0; k < count; k++)
                {
                    n[k] += responsibilities[(i * count) + k];
                    means[k] += responsibilities[(i * count) + k] * x[i];
                }
            }

            for (int k = 0; k < count; k++)
            {
                n[k] += 10 * double.Epsilon + 1e-15;
                means[k] /= n[k];
            }

            for (int i = 0; i < x.Length; i++)
            {
                for (int k = 0; k < count; k++)
                    variances[k] += responsibilities[(i * count) + k] * (x[i] - means[k]) * (x[i] - means[k]);
            }

            // The values have mean 0 and variance 1, which are the prior's.
            double after = 0;
            for (int k = count - 1; k >= 0; k--)
            {
                _a[k] = 1 + n[k];
                _b[k] = Concentration + after;
                after += n[k];
                _beta[k] = 1 + n[k];
                _mean[k] = n[k] * means[k] / _beta[k];
                _freedom[k] = 1 + n[k];
                _variance[k] = (1 + (variances[k] + (n[k] * Regularization)) + (n[k] / _beta[k] * means[k] * means[k])) / _freedom[k];
            }
        }

        // New responsibilities; their entropy.
        public double Expect(double[] x, double[] responsibilities)
        {
            double[] constants = new double[count];
            double before = 0;
            for (int k = 0; k < count; k++)
            {
                double all = Digamma(_a[k] + _b[k]), stick = Digamma(_a[k]) - all + before;
                before += Digamma(_b[k]) - all;
                constants[k] = stick - (0.5 * Math.Log(2 * Math.PI)) - (0.5 * Math.Log(_variance[k]))
                    + (0.5 * (Math.Log(2) + Digamma(0.5 * _freedom[k]) - Math.Log(_freedom[k]) - (1 / _beta[k])));
            }

            double entropy = 0;
            double[] logarithms = new double[count];
            for (int i = 0; i < x.Length; i++)
            {
                double greatest = double.NegativeInfinity, sum = 0;
                for (int k = 0; k < count; k++)
                {
                    logarithms[k] = constants[k] - (0.5 * (x[i] - _mean[k]) * (x[i] - _mean[k]) / _variance[k]);
                    greatest = Math.Max(greatest, logarithms[k]);
                }

                for (int k = 0; k < count; k++)
                    sum += Math.Exp(logarithms[k] - greatest);
                double norm = greatest + Math.Log(sum);
                for (int k = 0; k < count; k++)
                {
                    double share = responsibilities[(i * count) + k] = Math.Exp(logarithms[k] - norm);
                    entropy -= share * (logarithms[k] - norm);
                }
            }

            return entropy;
        }

        // With the entropy of responsibilities the lower bound of the values' logarithmic likelihood (Bishop 2006, 10.70), but for a constant: it grows until nothing more is to be had.
        public double Bound()
        {
            double bound = 0;
            for (int k = 0; k < count; k++)
            {
                bound += LogGamma(_a[k]) + LogGamma(_b[k]) - LogGamma(_a[k] + _b[k]) - (0.5 * Math.Log(_beta[k]))
                    + (0.5 * _freedom[k] * (Math.Log(2) - Math.Log(_variance[k]) - Math.Log(_freedom[k]))) + LogGamma(0.5 * _freedom[k]);
            }

            return bound;
        }

        public IEnumerable<Mode> Modes()
        {
            double left = 1;
            double[] weights = new double[count];
            for (int k = 0; k < count; k++)
            {
                weights[k] = left * _a[k] / (_a[k] + _b[k]);
                left *= _b[k] / (_a[k] + _b[k]);
            }

            double sum = weights.Sum();
            return Enumerable.Range(0, count).Select(k => new Mode(_mean[k], Math.Sqrt(_variance[k]), weights[k] / sum));
        }

        // The logarithm of the gamma function: up by recurrence to where Stirling's series is exact.
        private static double LogGamma(double x)
        {
            double result = 0;
            for (; x < 8; x++)
                result -= Math.Log(x);
            double square = 1 / (x * x);
            return result + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + ((1.0 / 12 - (square * (1.0 / 360 - (square * (1.0 / 1260 - (square / 1680)))))) / x);
        }

        // Its derivative: up by recurrence to where its asymptotic series is exact (Bernardo 1976, AS 103).
        private static double Digamma(double x)
        {
            double result = 0;
            for (; x < 8; x++)
                result -= 1 / x;
            double square = 1 / (x * x);
            return result + Math.Log(x) - (0.5 / x) - (square * ((1.0 / 12) - (square * ((1.0 / 120) - (square * ((1.0 / 252) - (square / 240)))))));
        }
    }
}
