using MLNetDeep.Cpu;
using MLNetDeep.Optimizers;
using MLNetDeep.Training.Adversarial;

namespace MLNetDeep.Training.Tests.Adversarial;

public class CoverageTests
{
    // What makes a cloud of the same spread round one place, and never learns.
    private static Network Cloud => Network.Input(2).Dense(2, kernelInitializer: new Initializers.Orthogonal(0.1f));

    private static Network Discriminator => Network.Input(2).Dense(16).LeakyRelu(0.2).Dense(1);

    private static AdversarialOptions Still => new()
    {
        Epochs = 4,
        BatchSize = 32,
        CoverageRowCount = 200,
        GeneratorOptimizer = new Sgd { LearningRate = 0 },
        DiscriminatorOptimizer = new Sgd { LearningRate = 0.01f },
    };

    [Fact]
    public void Figures_are_those_of_their_definition()
    {
        // 11 numbers: not all of them fill a register.
        const int Count = 60, Size = 11, Nearest = 5;
        float[][] real = Points(Count, Size, 1), made = Points(Count, Size, 2, spread: 1.4f);
        CoverageMeter meter = new(new Planar(real), Count, rows => rows.ToArray(), 3, default);
        (double density, double coverage) = meter.Compare([.. made.SelectMany(r => r)]);

        double[] radii = [.. real.Select(r => real.Where(o => o != r).Select(o => Distance(r, o)).Order().ElementAt(Nearest - 1))];
        double within = real.Zip(radii, (r, radius) => (double)made.Count(m => Distance(r, m) <= radius)).Sum();
        Assert.Equal(within / (Nearest * Count), density, 1e-9);
        Assert.Equal(real.Zip(radii, (r, radius) => made.Any(m => Distance(r, m) <= radius) ? 1.0 : 0).Average(), coverage, 1e-9);
        Assert.InRange(coverage, 0.05, 0.95);
        Assert.Equal(Count, meter.Count);
    }

    [Fact]
    public void Rows_of_the_same_distribution_are_as_dense_and_cover_nearly_all()
    {
        // 1 - 1/2^5 is expected (Naeem et al. 2020).
        CoverageMeter meter = new(new Planar(Points(2000, 2, 1)), 1000, rows => rows.ToArray(), 3, default);
        (double density, double coverage) = meter.Compare([.. Points(1000, 2, 2).SelectMany(r => r)]);
        Assert.Equal(1, density, 0.1);
        Assert.Equal(31.0 / 32, coverage, 0.03);
    }

    [Fact]
    public void Kinds_of_rows_that_are_missing_are_reported_once()
    {
        List<string> warnings = [], lines = [];
        TrainedGenerator trained = Run(Still with { Warn = warnings.Add, Log = lines.Add }, (0, 0), (3, 3), (3, -3), (-3, 3));
        Assert.All(trained.History["density"], d => Assert.InRange(d, 0.6, 1.4));
        Assert.All(trained.History["coverage"], c => Assert.Equal(0.25, c, 0.06));
        string warning = Assert.Single(warnings);
        Assert.StartsWith("Epoch 2: the generator has collapsed to some kinds of rows", warning, StringComparison.Ordinal);
        Assert.Matches("only 2[0-9]% of the real rows", warning);
        Assert.Contains("coverage", lines[0], StringComparison.Ordinal);

        // Nearest distances alone do not tell.
        Assert.All(trained.History["diversity"], d => Assert.True(d > 0.1));

        // At the end the first time is enough.
        warnings.Clear();
        Run(Still with { Warn = warnings.Add, Epochs = 1 }, (0, 0), (3, 3), (3, -3), (-3, 3));
        Assert.Single(warnings);
    }

    [Fact]
    public void A_generator_of_all_kinds_and_one_of_none_have_not_collapsed()
    {
        List<string> warnings = [];
        TrainedGenerator all = Run(Still with { Warn = warnings.Add }, (0, 0));
        Assert.All(all.History["coverage"], c => Assert.True(c > 0.85));

        // What looks like no real row lacks more than kinds.
        TrainedGenerator none = Run(Still with { Warn = warnings.Add }, (9, 9), (9, -9));
        Assert.All(none.History["density"], d => Assert.Equal(0, d));
        Run(Still with { Warn = warnings.Add, CollapseThreshold = 0 }, (0, 0), (3, 3), (3, -3), (-3, 3));
        Assert.Empty(warnings);
        Assert.False(Run(Still with { CoverageRowCount = 0 }, (0, 0)).History.Epochs[0].Metrics.ContainsKey("coverage"));
        Assert.Contains("CoverageRowCount is 1", Assert.Throws<ArgumentException>(() => Run(Still with { CoverageRowCount = 1 }, (0, 0))).Message, StringComparison.Ordinal);
    }

    private static TrainedGenerator Run(AdversarialOptions options, params (float X, float Y)[] centres) =>
        new AdversarialTrainer(Cloud, Discriminator, options, new CpuEngine(1)).Train(Planar.Clouds(centres, 400, 0.1f));

    private static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum());

    private static float[][] Points(int count, int size, int seed, float spread = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, size).Select(_ => spread * (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))).ToArray())];
    }
}
