using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>Distributions over <see cref="RandomNumbers"/>.</summary>
internal static class RandomDraws
{
    /// <summary>Numbers that belong to a row of an epoch, the same whoever draws them and when.</summary>
    public static RandomNumbers Of(int seed, int epoch, long row)
    {
        // Each key is hashed before the next comes in: sums of keys would give rows each other's numbers.
        RandomNumbers byEpoch = new(((ulong)(uint)seed << 32 | (uint)epoch) ^ 0xD1B54A32D192ED03);
        RandomNumbers byRow = new(byEpoch.Next() ^ (ulong)row);
        return new(byRow.Next());
    }

    /// <summary>A number in [0, 1).</summary>
    public static double Unit(this ref RandomNumbers random) => (random.Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number between two.</summary>
    public static double Between(this ref RandomNumbers random, double low, double high) => low + (high - low) * random.Unit();

    /// <summary>Whether something of this probability happens.</summary>
    public static bool Chance(this ref RandomNumbers random, float probability) => random.Unit() < probability;

    /// <summary>A number in [0, 1] from the symmetric Beta distribution.</summary>
    public static double Beta(this ref RandomNumbers random, double alpha)
    {
        // The share of one of two Gamma numbers in their sum, by logarithms: for small alpha both can be less than any double.
        double difference = random.LogGamma(alpha) - random.LogGamma(alpha);
        return 1 / (1 + Math.Exp(-difference));
    }

    // Logarithm of a number from the Gamma distribution: Marsaglia and Tsang 2000, with their step from alpha + 1 down to alpha.
    private static double LogGamma(this ref RandomNumbers random, double alpha)
    {
        if (alpha < 1)
        {
            double more = random.LogGamma(alpha + 1);
            return more + Math.Log(1 - random.Unit()) / alpha;
        }

        double d = alpha - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = random.Normal(), v = 1 + c * normal;
            if (v <= 0)
                continue;
            v = v * v * v;
            if (Math.Log(1 - random.Unit()) < 0.5 * normal * normal + d - d * v + d * Math.Log(v))
                return Math.Log(d * v);
        }
    }

    private static double Normal(this ref RandomNumbers random)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - random.Unit()));
        return radius * Math.Cos(2 * Math.PI * random.Unit());
    }
}
