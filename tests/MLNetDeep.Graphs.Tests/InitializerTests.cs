using MLNetDeep.Initializers;

namespace MLNetDeep.Graphs.Tests;

public class InitializerTests
{
    private static float[] Fill(Initializer initializer, ulong seed, params int[] dims)
    {
        Shape shape = new(dims);
        float[] values = new float[shape.UnitSize];
        initializer.Fill(values, shape, seed);
        return values;
    }

    // Initializer, shape, variance, and the largest size a value can have.
    public static TheoryData<Initializer, int[], double, double> Distributions => new()
    {
        { new GlorotUniform(), [300, 200], 2.0 / 500, Math.Sqrt(6.0 / 500) },
        { new GlorotNormal(), [300, 200], 2.0 / 500, 2 * Math.Sqrt(2.0 / 500) / 0.8796 },
        { new HeUniform(), [300, 200], 2.0 / 300, Math.Sqrt(6.0 / 300) },
        { new HeNormal(), [300, 200], 2.0 / 300, 2 * Math.Sqrt(2.0 / 300) / 0.8796 },
        { new LeCunUniform(), [300, 200], 1.0 / 300, Math.Sqrt(3.0 / 300) },
        { new LeCunNormal(), [300, 200], 1.0 / 300, 2 * Math.Sqrt(1.0 / 300) / 0.8796 },

        // A window of 3 by 5 over 40 channels, to 80.
        { new HeUniform(), [3, 5, 40, 80], 2.0 / 600, Math.Sqrt(6.0 / 600) },
        { new GlorotUniform(), [3, 5, 40, 80], 2.0 / 1800, Math.Sqrt(6.0 / 1800) },
        { new GlorotUniform(), [40000], 2.0 / 80000, Math.Sqrt(6.0 / 80000) },
        { new RandomUniform(-1, 3), [200, 200], 16.0 / 12, 3 },
        { new RandomUniform(), [200, 200], 0.01 / 12, 0.05 },
        { new RandomNormal(0, 2), [200, 200], 4, 12 },
        { new TruncatedNormal(0, 2), [200, 200], 4 * 0.87962566 * 0.87962566, 4 },
    };

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Variance_and_bounds_are_as_promised(Initializer initializer, int[] dims, double variance, double bound)
    {
        float[] values = Fill(initializer, 42, dims);
        double mean = values.Average(v => (double)v), expectedMean = initializer is RandomUniform u ? (u.Min + u.Max) / 2.0 : 0;
        Assert.Equal(expectedMean, mean, 5 * Math.Sqrt(variance / values.Length));
        Assert.InRange(values.Average(v => (v - mean) * (v - mean)) / variance, 0.96, 1.04);
        Assert.True(values.Max(MathF.Abs) <= bound, $"{values.Max(MathF.Abs)} is above {bound}.");
    }

    [Fact]
    public void Normal_values_are_normal()
    {
        float[] values = Fill(new RandomNormal(0, 1), 1, 500, 400);
        foreach ((double z, double share) in ((double, double)[])[(-2, 0.02275), (-1, 0.158655), (0, 0.5), (0.5, 0.691462), (1.5, 0.933193), (2.5, 0.99379)])
            Assert.Equal(share, values.Count(v => v < z) / (double)values.Length, 4 * Math.Sqrt(share * (1 - share) / values.Length));
        Assert.InRange(values.Max(), 3.8, 6);
    }

    [Fact]
    public void Neighbours_do_not_correlate()
    {
        float[] values = Fill(new RandomNormal(0, 1), 9, 100_000);
        foreach (int lag in (int[])[1, 2, 16, 256])
            Assert.Equal(0, values.Skip(lag).Zip(values, (a, b) => (double)a * b).Average(), 0.016);
        Assert.Equal(0, values.Zip(Fill(new RandomNormal(0, 1), 10, 100_000), (a, b) => (double)a * b).Average(), 0.016);
    }

    [Fact]
    public void Same_seed_gives_the_same_bits_everywhere()
    {
        foreach (Initializer initializer in (Initializer[])[new GlorotUniform(), new HeNormal(), new RandomNormal(), new TruncatedNormal(), new Orthogonal()])
        {
            Assert.Equal(Fill(initializer, 5, 6, 7), Fill(initializer, 5, 6, 7));
            Assert.NotEqual(Fill(initializer, 5, 6, 7), Fill(initializer, 6, 6, 7));
        }

        // Bits that another machine must give too.
        Assert.Equal(Bits, Fill(new RandomNormal(0, 1), 12345, 6).Concat(Fill(new Orthogonal(), 12345, 2, 3)).Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(Initializer.SeedFor(1, "dense/kernel"), Initializer.SeedFor(1, "dense/kernel"));
        Assert.NotEqual(Initializer.SeedFor(1, "dense/kernel"), Initializer.SeedFor(2, "dense/kernel"));
    }

    private static readonly int[] Bits =
    [
        1042900048, -1096476775, 1054936114, 1064647803, -1093169238, 1058464587,
        1049930797, -1089411560, 1061520721, 1064628979, 1044025984, -1100488648,
    ];

    [Theory]
    [InlineData(20, 12)]
    [InlineData(12, 20)]
    [InlineData(16, 16)]
    [InlineData(1, 5)]
    public void Orthogonal_is_orthogonal(int rows, int columns)
    {
        float[] m = Fill(new Orthogonal(2), 3, rows, columns);
        for (int i = 0; i < Math.Min(rows, columns); i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double dot = rows >= columns
                    ? Enumerable.Range(0, rows).Sum(r => (double)m[r * columns + i] * m[r * columns + j])
                    : Enumerable.Range(0, columns).Sum(c => (double)m[i * columns + c] * m[j * columns + c]);
                Assert.Equal(i == j ? 4 : 0, dot, 1e-5);
            }
        }

        Assert.Throws<ArgumentException>(() => Fill(new Orthogonal(), 3, 5));
    }

    [Fact]
    public void Constants_fill() => Assert.All(Fill(new Constant(0.5f), 1, 3, 3), v => Assert.Equal(0.5f, v));

    [Fact]
    public void Bad_settings_are_named()
    {
        Assert.Throws<InvalidOperationException>(() => Fill(new RandomUniform(1, 0), 0, 1));
        Assert.Throws<InvalidOperationException>(() => Fill(new RandomNormal(0, -1), 0, 1));
        Assert.Throws<InvalidOperationException>(() => Fill(new TruncatedNormal(0, float.NaN), 0, 1));
    }
}
