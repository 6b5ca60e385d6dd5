namespace Microsoft.ML;

/// <summary>
/// Minimises a smooth convex function by limited-memory BFGS (Nocedal 1980), with an absolute-value penalty by its
/// orthant-wise variant (Andrew and Gao 2007).
/// </summary>
internal sealed class Lbfgs
{
    private const int Averaged = 5;
    private const double SufficientDecrease = 1e-4;
    private const int MostHalvings = 40;

    /// <summary>How many earlier steps the curvature is taken from.</summary>
    public required int History { get; init; }

    /// <summary>It ends when the mean decrease over the last steps is a smaller share of the value.</summary>
    public required double Tolerance { get; init; }

    public required int MostIterations { get; init; }

    /// <summary>So many parameters come first that are neither penalised nor bounded.</summary>
    public required int Free { get; init; }

    /// <summary>What the absolute values of the other parameters are penalised by.</summary>
    public required double L1 { get; init; }

    /// <summary>Whether the other parameters must not be below 0.</summary>
    public required bool NonNegative { get; init; }

    /// <summary>The place of the minimum, searched from 0 on.</summary>
    /// <param name="size">How many parameters there are.</param>
    /// <param name="function">Gives the value at a place, and the gradient.</param>
    public double[] Minimize(int size, Func<double[], double[], double> function)
    {
        var (x, gradient) = (new double[size], new double[size]);
        var value = function(x, gradient) + Penalty(x);
        var steps = new Queue<(double[] Step, double[] Change, double Inverse)>();
        var past = new Queue<double>([value]);
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            var slope = Slope(x, gradient);
            var direction = Direction(slope, [.. steps]);
            for (var i = Free; i < size && (L1 > 0 || NonNegative); i++)
                if (direction[i] * slope[i] >= 0)
                    direction[i] = 0;
            if (Search(function, x, value, slope, direction, steps.Count == 0) is not var (next, nextGradient, nextValue))
                break;

            var step = Difference(next, x);
            var change = Difference(nextGradient, gradient);
            var curvature = Dot(step, change);
            if (curvature > 1e-12 * Dot(change, change))
            {
                steps.Enqueue((step, change, 1 / curvature));
                if (steps.Count > History)
                    steps.Dequeue();
            }
            (x, gradient, value) = (next, nextGradient, nextValue);
            past.Enqueue(value);
            if (past.Count > Averaged && (past.Dequeue() - value) / Averaged <= Tolerance * Math.Abs(value))
                break;
        }
        return x;
    }

    private double Penalty(double[] x)
    {
        double sum = 0;
        for (var i = Free; i < x.Length && L1 > 0; i++)
            sum += Math.Abs(x[i]);
        return L1 * sum;
    }

    // The gradient with the penalty's; where that has a kink, the slope of the side that falls.
    private double[] Slope(double[] x, double[] gradient)
    {
        var slope = (double[])gradient.Clone();
        for (var i = Free; i < x.Length; i++)
        {
            var (right, left) = (gradient[i] + L1, NonNegative ? double.NegativeInfinity : gradient[i] - L1);
            slope[i] = x[i] > 0 ? right : x[i] < 0 ? left : right < 0 ? right : left > 0 ? left : 0;
        }
        return slope;
    }

    // The two loops over the steps: minus the inverse Hessian times the slope.
    private static double[] Direction(double[] slope, (double[] Step, double[] Change, double Inverse)[] steps)
    {
        var direction = Array.ConvertAll(slope, v => -v);
        var factors = new double[steps.Length];
        for (var k = steps.Length - 1; k >= 0; k--)
        {
            factors[k] = steps[k].Inverse * Dot(steps[k].Step, direction);
            AddTo(direction, -factors[k], steps[k].Change);
        }
        if (steps.Length > 0)
        {
            var (_, change, inverse) = steps[^1];
            var scale = 1 / (inverse * Dot(change, change));
            for (var i = 0; i < direction.Length; i++)
                direction[i] *= scale;
        }
        for (var k = 0; k < steps.Length; k++)
            AddTo(direction, factors[k] - steps[k].Inverse * Dot(steps[k].Change, direction), steps[k].Step);
        return direction;
    }

    // Halves the step until the value falls enough; null where it does not.
    private (double[] X, double[] Gradient, double Value)? Search(
        Func<double[], double[], double> function, double[] x, double value, double[] slope, double[] direction, bool isFirst)
    {
        var length = isFirst ? 1 / Math.Max(Math.Sqrt(Dot(slope, slope)), 1e-12) : 1;
        for (var halvings = 0; halvings < MostHalvings; halvings++, length /= 2)
        {
            var next = new double[x.Length];
            for (var i = 0; i < x.Length; i++)
            {
                next[i] = x[i] + length * direction[i];
                // No parameter leaves the orthant that it is in or heads for.
                var side = x[i] != 0 ? x[i] : -slope[i];
                if (i >= Free && (L1 > 0 || NonNegative) && next[i] * side <= 0)
                    next[i] = 0;
            }
            var gradient = new double[x.Length];
            var nextValue = function(next, gradient) + Penalty(next);
            var expected = Dot(slope, Difference(next, x));
            if (expected >= 0)
                return null;
            if (nextValue <= value + SufficientDecrease * expected)
                return (next, gradient, nextValue);
        }
        return null;
    }

    private static double[] Difference(double[] a, double[] b) => [.. a.Zip(b, (p, q) => p - q)];

    private static void AddTo(double[] target, double factor, double[] values)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] += factor * values[i];
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
