namespace MLNetDeep;

/// <summary>How much the rows of each class count in training, so that a rare class is not drowned by a frequent one.</summary>
public abstract class ClassWeights
{
    private ClassWeights()
    {
    }

    /// <summary>Each class counts the same in all: a row's weight is the number of rows over the number of classes times the number of rows of its class (King and Zeng 2001; scikit-learn's "balanced").</summary>
    public static ClassWeights Balanced { get; } = new BalancedWeights();

    /// <summary>
    /// Weights by the effective number of rows (Cui et al. 2019): (1 - β) / (1 - βⁿ) for a class of n rows, scaled so that the classes' weights have the mean 1.
    /// Between all the same (β = 0) and <see cref="Balanced"/>'s proportions (β towards 1). With a loss of <c>FocalGamma</c> it is the paper's class-balanced focal loss.
    /// </summary>
    /// <param name="beta">At least 0 and less than 1. Default 0.9999, the paper's for long tails; 0.99 and 0.999 are its others.</param>
    /// <exception cref="ArgumentOutOfRangeException">Beta is not in its range.</exception>
    public static ClassWeights EffectiveNumber(double beta = 0.9999) =>
        beta is >= 0 and < 1 ? new EffectiveWeights(beta) : throw new ArgumentOutOfRangeException(nameof(beta), beta, "Beta is expected to be at least 0 and less than 1.");

    /// <summary>Given weights by class name (as <c>MapValueToKey</c> met them; <c>"False"</c> and <c>"True"</c> for two classes). A class not named has weight 1.</summary>
    /// <exception cref="ArgumentException">A weight is negative or not a number.</exception>
    public static ClassWeights Of(IReadOnlyDictionary<string, double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        foreach ((string name, double weight) in weights)
        {
            if (!double.IsFinite(weight) || weight < 0)
                throw new ArgumentException($"The weight of class '{name}' is {weight}, expected at least 0.", nameof(weights));
        }

        return new GivenWeights(new Dictionary<string, double>(weights));
    }

    /// <summary>Given weights: <c>ClassWeights.Of(("fraud", 10), ("fine", 1))</c>.</summary>
    /// <exception cref="ArgumentException">A weight is negative or not a number, or a class is named twice.</exception>
    public static ClassWeights Of(params (string Class, double Weight)[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Of(weights.ToDictionary(w => w.Class, w => w.Weight));
    }

    /// <summary>The weight of each class.</summary>
    /// <param name="names">Names of the classes.</param>
    /// <param name="counts">Number of training rows of each.</param>
    internal abstract float[] Compute(IReadOnlyList<string> names, IReadOnlyList<long> counts);

    private sealed class BalancedWeights : ClassWeights
    {
        internal override float[] Compute(IReadOnlyList<string> names, IReadOnlyList<long> counts)
        {
            // Classes without rows have no say in how much the others count.
            double share = (double)counts.Sum() / counts.Count(c => c > 0);
            return [.. counts.Select(c => c > 0 ? (float)(share / c) : 0)];
        }
    }

    private sealed class EffectiveWeights(double beta) : ClassWeights
    {
        internal override float[] Compute(IReadOnlyList<string> names, IReadOnlyList<long> counts)
        {
            double[] weights = [.. counts.Select(c => c > 0 ? (1 - beta) / (1 - Math.Pow(beta, c)) : 0)];
            double scale = counts.Count(c => c > 0) / weights.Sum();
            return [.. weights.Select(w => (float)(w * scale))];
        }
    }

    private sealed class GivenWeights(Dictionary<string, double> weights) : ClassWeights
    {
        internal override float[] Compute(IReadOnlyList<string> names, IReadOnlyList<long> counts)
        {
            foreach (string name in weights.Keys)
            {
                if (!names.Contains(name))
                    throw new ArgumentException($"ClassWeights names the class '{name}', but the label column has {string.Join(", ", names.Take(20).Select(n => $"'{n}'"))}{(names.Count > 20 ? ", ..." : "")}.");
            }

            return [.. names.Select(n => (float)weights.GetValueOrDefault(n, 1))];
        }
    }
}
