using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>Removes rows of frequent classes, drawn at random. Sparse features and rows with missing values are carried as they are: only the label is looked at.</summary>
public sealed class RandomUnderSampler : Undersampler
{
    internal RandomUnderSampler(IHostEnvironment env, Options options)
        : base(env, options)
    {
    }

    private protected override string Name => "Random undersampling";

    private protected override bool NeedsFeatures => false;

    private protected override IEnumerable<int> Choose(SamplingTask task, int label, int count)
    {
        int[] rows = [.. task.Rows.Of[label]];
        task.Random.Shuffle(rows);
        return rows.Take(count);
    }

    /// <summary>The sampler's options. <see cref="SamplerOptions.FeatureColumnName"/> is not looked at.</summary>
    public sealed class Options : SamplerOptions
    {
    }
}
