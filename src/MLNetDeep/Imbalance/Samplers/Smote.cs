using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>SMOTE: adds points on the lines between rows of a class and their neighbours of the same class (Chawla et al. 2002).</summary>
/// <remarks>Sparse features give sparse points.</remarks>
public sealed class Smote : Oversampler
{
    private readonly Options _options;

    internal Smote(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.Neighbors >= 1, nameof(Options.Neighbors), options.Neighbors, "at least 1");
    }

    private protected override string Name => "SMOTE";

    private protected override void Add(SamplingTask task, int label, int count)
    {
        int[] rows = task.Rows.Of[label], kin = Kin(task, label, _options.Neighbors);
        for (int i = 0; i < count; i++)
        {
            int seed = task.Random.Next(rows.Length), neighbor = kin[seed * _options.Neighbors + task.Random.Next(_options.Neighbors)];
            task.Added.Add(new(rows[seed], task.Rows.Features.Between(rows[seed], neighbor, task.Random.NextDouble())));
        }
    }

    /// <summary>The same for a sampler that cleans up after it, with that one's options.</summary>
    internal static Smote Like(IHostEnvironment env, SamplerOptions options, int neighbors) => new(env, new()
    {
        LabelColumnName = options.LabelColumnName,
        FeatureColumnName = options.FeatureColumnName,
        Strategy = options.Strategy,
        Neighbors = neighbors,
        Seed = options.Seed,
    });

    // For samplers that clean up after it.
    internal void AddTo(SamplingTask task) => Sample(task);

    /// <summary>The sampler's options.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>How many neighbours of a row one is drawn from; less than the rows of the class. Default 5.</summary>
        public int Neighbors = 5;
    }
}
