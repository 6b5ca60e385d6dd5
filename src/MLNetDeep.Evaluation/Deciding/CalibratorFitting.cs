using MLNetDeep.Decisions;
using MLNetDeep.Evaluation.Samples;
using MLNetDeep.Transformers;

namespace MLNetDeep.Evaluation.Deciding;

/// <summary>Fits calibrations to scored rows.</summary>
internal static class CalibratorFitting
{
    private const int MostSteps = 200;

    public static Calibrator Fit(BinarySample sample, CalibrationOptions options)
    {
        options.Check();
        double[] labels = [.. sample.Labels.Select(l => l ? 1.0 : 0)];
        bool probability = sample.Probabilities is not null && options.Method is CalibrationMethod.Temperature or CalibrationMethod.Beta or CalibrationMethod.None;
        Calibrator start = new() { Kind = "none", FromProbability = probability, NegativesKept = options.NegativesKept };
        return options.Method switch
        {
            CalibrationMethod.Platt => Platt(sample, start),
            CalibrationMethod.Isotonic => Isotonic(sample, labels, start),
            CalibrationMethod.Temperature => start with
            {
                Kind = "temperature",
                Parameters = [Temperature([.. Values(sample, start).Select(v => probability ? Calibrator.Logit(v) : v)], labels, sample.Weights)],
            },
            CalibrationMethod.Beta => start with { Kind = "beta", Parameters = Beta([.. Values(sample, start).Select(v => probability ? v : Calibrator.Sigmoid(v))], labels, sample.Weights) },
            _ => start,
        };
    }

    /// <summary>The temperature of several classes.</summary>
    public static double Temperature(MulticlassSample sample)
    {
        double[][] logits = [.. sample.Scores.Select(s => TemperatureTransformer.Logits(s, sample.AreProbabilities))];
        return 1 / Bisect(inverse =>
        {
            double slope = 0;
            for (int i = 0; i < logits.Length; i++)
            {
                double largest = logits[i].Max(), sum = 0, mean = 0;
                foreach (double logit in logits[i])
                {
                    double p = Math.Exp((logit - largest) * inverse);
                    sum += p;
                    mean += p * logit;
                }

                slope += sample.Weights[i] * (mean / sum - logits[i][sample.Labels[i]]);
            }

            return slope;
        });
    }

    private static double[] Values(BinarySample sample, Calibrator calibrator) => calibrator.FromProbability ? sample.Probabilities! : Finite(sample.Scores);

    // A model that is sure beyond a Single's numbers has scores without bounds. They count as the surest finite ones, and as odds of 1e7 at least.
    private static double[] Finite(double[] scores)
    {
        if (scores.All(double.IsFinite))
            return scores;
        double most = scores.Where(double.IsFinite).Select(Math.Abs).Append(Calibrator.Logit(1)).Max();
        return [.. scores.Select(s => Math.Clamp(s, -most, most))];
    }

    // Platt's targets keep a little away from 0 and 1, so that a perfect score does not make a step of the curve.
    private static Calibrator Platt(BinarySample sample, Calibrator start)
    {
        double positives = sample.Weights.Where((_, i) => sample.Labels[i]).Sum(), negatives = sample.Weights.Sum() - positives;
        double[] targets = [.. sample.Labels.Select(l => l ? (positives + 1) / (positives + 2) : 1 / (negatives + 2))];
        return start with { Kind = "platt", Parameters = Logistic([.. Finite(sample.Scores).Select(s => new[] { s, 1 })], targets, sample.Weights) };
    }

    private static Calibrator Isotonic(BinarySample sample, double[] labels, Calibrator start)
    {
        // Pool adjacent violators; rows of one score are one point. Of scores without bounds only the order counts.
        double[] scores = [.. sample.Scores.Select(s => Math.Clamp(s, float.MinValue, float.MaxValue))];
        List<(double From, double To, double Sum, double Weight)> blocks = [];
        foreach (IGrouping<double, int> group in Enumerable.Range(0, labels.Length).Where(i => sample.Weights[i] > 0).GroupBy(i => scores[i]).OrderBy(g => g.Key))
        {
            (double From, double To, double Sum, double Weight) block = (group.Key, group.Key, group.Sum(i => sample.Weights[i] * labels[i]), group.Sum(i => sample.Weights[i]));
            while (blocks.Count > 0 && blocks[^1].Sum * block.Weight >= block.Sum * blocks[^1].Weight)
            {
                block = (blocks[^1].From, block.To, block.Sum + blocks[^1].Sum, block.Weight + blocks[^1].Weight);
                blocks.RemoveAt(blocks.Count - 1);
            }

            blocks.Add(block);
        }

        IEnumerable<(double X, double Y)> points = blocks.SelectMany(b => new[] { (b.From, b.Sum / b.Weight), (b.To, b.Sum / b.Weight) }).Distinct();
        return start with { Kind = "isotonic", X = [.. points.Select(p => p.X)], Y = [.. points.Select(p => p.Y)] };
    }

    private static double Temperature(double[] logits, double[] labels, double[] weights) => 1 / Bisect(inverse =>
    {
        double slope = 0;
        for (int i = 0; i < logits.Length; i++)
            slope += weights[i] * (Calibrator.Sigmoid(logits[i] * inverse) - labels[i]) * logits[i];
        return slope;
    });

    // The loss is convex in the inverse temperature, so that its slope changes sign once.
    private static double Bisect(Func<double, double> slope)
    {
        double low = Math.Log(1e-3), high = Math.Log(1e3);
        for (int i = 0; i < 100; i++)
        {
            double middle = (low + high) / 2;
            if (slope(Math.Exp(middle)) < 0)
                low = middle;
            else
                high = middle;
        }

        return Math.Exp((low + high) / 2);
    }

    // Slopes below 0 would turn the order of the rows round: such a one is left out, as the authors do.
    private static double[] Beta(double[] probabilities, double[] labels, double[] weights)
    {
        double[] clipped = [.. probabilities.Select(p => Math.Clamp(p, Calibrator.Least, 1 - Calibrator.Least))];
        double[] both = Logistic([.. clipped.Select(p => new[] { Math.Log(p), -Math.Log(1 - p), 1 })], labels, weights);
        if (both[0] >= 0 && both[1] >= 0)
            return both;
        if (both[0] < 0)
        {
            double[] right = Logistic([.. clipped.Select(p => new[] { -Math.Log(1 - p), 1 })], labels, weights);
            return right[0] >= 0 ? [0, right[0], right[1]] : [0, 0, Constant()];
        }

        double[] left = Logistic([.. clipped.Select(p => new[] { Math.Log(p), 1 })], labels, weights);
        return left[0] >= 0 ? [left[0], 0, left[1]] : [0, 0, Constant()];

        double Constant() => Logistic([.. clipped.Select(_ => new[] { 1.0 })], labels, weights)[0];
    }

    /// <summary>Logistic regression without a penalty, by Newton's method with halved steps.</summary>
    private static double[] Logistic(double[][] x, double[] targets, double[] weights)
    {
        int n = x[0].Length;
        double[] theta = new double[n];
        double loss = Loss(theta);
        for (int step = 0; step < MostSteps; step++)
        {
            double[] gradient = new double[n];
            double[,] hessian = new double[n, n];
            for (int i = 0; i < x.Length; i++)
            {
                double p = Calibrator.Sigmoid(Dot(theta, x[i])), curvature = weights[i] * p * (1 - p);
                for (int a = 0; a < n; a++)
                {
                    gradient[a] += weights[i] * (p - targets[i]) * x[i][a];
                    for (int b = 0; b < n; b++)
                        hessian[a, b] += curvature * x[i][a] * x[i][b];
                }
            }

            // A trace of a ridge keeps the step finite where rows are told apart without error.
            for (int a = 0; a < n; a++)
                hessian[a, a] += 1e-10 * (1 + hessian[a, a]);
            double[] move = MathNet.Numerics.LinearAlgebra.Double.Matrix.Build.DenseOfArray(hessian)
                .Solve(MathNet.Numerics.LinearAlgebra.Double.Vector.Build.Dense(gradient)).ToArray();
            double size = 1, next = double.NaN;
            double[] moved = theta;
            for (; size > 1e-10; size /= 2)
            {
                moved = [.. theta.Zip(move, (t, m) => t - size * m)];
                next = Loss(moved);
                if (next <= loss)
                    break;
            }

            if (!(next <= loss))
                break;
            bool done = loss - next <= 1e-15 * Math.Abs(loss) && move.Max(Math.Abs) < 1e-9;
            (theta, loss) = (moved, next);
            if (done || theta.Max(Math.Abs) > 1e6)
                break;
        }

        return theta;

        double Loss(double[] t)
        {
            double sum = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double z = Dot(t, x[i]);
                sum += weights[i] * (Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z))) - targets[i] * z);
            }

            return sum;
        }

        static double Dot(double[] a, double[] b)
        {
            double sum = 0;
            for (int i = 0; i < a.Length; i++)
                sum += a[i] * b[i];
            return sum;
        }
    }
}
