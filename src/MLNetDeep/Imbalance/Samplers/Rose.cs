using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>A smoothed bootstrap: draws rows of a class with replacement and moves each by normal noise (ROSE, Menardi and Torelli 2014).</summary>
/// <remarks>
/// The noise in a slot has the deviation <c>Shrinkage · (4 / ((d + 2) n))^(1 / (d + 4)) · s</c>, with d slots, n rows of the class and s the slot's deviation within it.
/// Points are dense even where features are sparse. One-hot slots become fractions: see <see cref="SmoteNc"/> for categories.
/// </remarks>
public sealed class Rose : Oversampler
{
    private readonly Options _options;

    internal Rose(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.Shrinkage >= 0 && double.IsFinite(options.Shrinkage), nameof(Options.Shrinkage), options.Shrinkage, "at least 0");
    }

    private protected override string Name => "ROSE";

    private protected override void Add(SamplingTask task, int label, int count)
    {
        int[] rows = task.Rows.Of[label];
        int d = task.Rows.Features.Dimensions;
        if (rows.Length == 1)
            throw new ArgumentException($"The class '{task.Rows.ClassNames[label]}' has one row only: {Name} cannot tell how its features vary. Get more rows, use RandomOverSampler for it, or leave it out by SamplingStrategy.Counts.");
        double width = _options.Shrinkage * Math.Pow(4.0 / ((d + 2.0) * rows.Length), 1.0 / (d + 4.0));
        double[] deviations = Deviations(task.Rows.Features, rows);
        for (int i = 0; i < count; i++)
        {
            int seed = rows[task.Random.Next(rows.Length)];
            float[] point = new float[d];
            task.Rows.Features.CopyRow(seed, point);
            for (int j = 0; j < d; j++)
                point[j] += (float)(width * deviations[j] * Normal(task.Random));
            task.Added.Add(new(seed, new VBuffer<float>(d, point)));
        }
    }

    internal static double[] Deviations(FeatureMatrix features, int[] rows)
    {
        int d = features.Dimensions;
        double[] means = new double[d], squares = new double[d];
        float[] row = new float[d];
        foreach (int r in rows)
        {
            features.CopyRow(r, row);
            for (int j = 0; j < d; j++)
                means[j] += (double)row[j] / rows.Length;
        }

        foreach (int r in rows)
        {
            features.CopyRow(r, row);
            for (int j = 0; j < d; j++)
                squares[j] += (row[j] - means[j]) * (row[j] - means[j]);
        }

        return [.. squares.Select(s => Math.Sqrt(s / Math.Max(rows.Length - 1, 1)))];
    }

    // Box and Muller 1958.
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>The sampler's options.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>Factor of the noise; 0 repeats rows as they are. Default 1.</summary>
        public double Shrinkage = 1;
    }
}
