using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>Repeats rows of rare classes, drawn at random with replacement. Sparse features and rows with missing values are carried as they are: only the label is looked at.</summary>
public sealed class RandomOverSampler : Oversampler
{
    internal RandomOverSampler(IHostEnvironment env, Options options)
        : base(env, options)
    {
    }

    private protected override string Name => "Random oversampling";

    private protected override bool NeedsFeatures => false;

    private protected override void Add(SamplingTask task, int label, int count)
    {
        int[] rows = task.Rows.Of[label];
        for (int i = 0; i < count; i++)
            task.Added.Add(new(rows[task.Random.Next(rows.Length)]));
    }

    /// <summary>The sampler's options. <see cref="SamplerOptions.FeatureColumnName"/> is not looked at.</summary>
    public sealed class Options : SamplerOptions
    {
    }
}
