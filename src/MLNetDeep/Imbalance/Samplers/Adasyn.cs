using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>ADASYN: as <see cref="Smote"/>, with more points from rows among whose neighbours in all data are more of other classes (He et al. 2008).</summary>
/// <remarks>Where no row of a class has a neighbour of another class, none is added and <see cref="MLContext.Log"/> says so.</remarks>
public sealed class Adasyn : Oversampler
{
    private readonly Options _options;

    internal Adasyn(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.Neighbors >= 1, nameof(Options.Neighbors), options.Neighbors, "at least 1");
    }

    private protected override string Name => "ADASYN";

    private protected override void Add(SamplingTask task, int label, int count)
    {
        int k = _options.Neighbors;
        int[] rows = task.Rows.Of[label], kin = Kin(task, label, k);
        int[] around = task.Rows.Features.Nearest(rows, task.Rows.All, k, task.Cancellation).Indices;
        double[] hardness = [.. rows.Select((_, i) => (double)around.AsSpan(i * k, k).ToArray().Count(n => task.Rows.Labels[n] != label))];
        if (hardness.Sum() == 0)
        {
            task.Warn($"ADASYN added no rows of class '{task.Rows.ClassNames[label]}': none has a row of another class among its {k} neighbours.");
            return;
        }

        int[] points = Share(hardness, count);
        for (int seed = 0; seed < rows.Length; seed++)
        {
            for (int i = 0; i < points[seed]; i++)
                task.Added.Add(new(rows[seed], task.Rows.Features.Between(rows[seed], kin[seed * k + task.Random.Next(k)], task.Random.NextDouble())));
        }
    }

    /// <summary>The sampler's options.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>How many neighbours are asked and drawn from; less than the rows of the class. Default 5.</summary>
        public int Neighbors = 5;
    }
}
