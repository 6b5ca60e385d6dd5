using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary><see cref="Smote"/>, and then <see cref="TomekLinks"/> of all classes to clean up (Batista, Bazzan and Monard 2003).</summary>
public sealed class SmoteTomek : ImbalanceSampler
{
    private readonly Smote _smote;

    internal SmoteTomek(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _smote = Smote.Like(env, options, options.Neighbors);
    }

    private protected override string Name => "SMOTE+Tomek";

    private protected override void Sample(SamplingTask task)
    {
        _smote.AddTo(task);
        bool[] all = [.. task.Rows.Counts.Select(_ => true)];
        task.Remove(Cleaning.TomekLinks(task.AllFeatures(), task.AllLabels(), all, task.Cancellation));
    }

    /// <summary>The sampler's options. The strategy is SMOTE's; rows of all classes are then removed, added ones too.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>SMOTE: how many neighbours of a row one is drawn from; less than the rows of the class. Default 5.</summary>
        public int Neighbors = 5;
    }
}
