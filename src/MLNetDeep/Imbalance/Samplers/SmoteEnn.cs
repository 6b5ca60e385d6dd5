using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary><see cref="Smote"/>, and then <see cref="EditedNearestNeighbours"/> of all classes to clean up (Batista, Prati and Monard 2004).</summary>
public sealed class SmoteEnn : ImbalanceSampler
{
    private readonly Options _options;
    private readonly Smote _smote;

    internal SmoteEnn(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.CleaningNeighbors >= 1, nameof(Options.CleaningNeighbors), options.CleaningNeighbors, "at least 1");
        _smote = Smote.Like(env, options, options.Neighbors);
    }

    private protected override string Name => "SMOTE+ENN";

    private protected override void Sample(SamplingTask task)
    {
        _smote.AddTo(task);
        bool[] all = [.. task.Rows.Counts.Select(_ => true)];
        int[] labels = task.AllLabels();
        Cleaning.Check(labels.Count(l => l >= 0), _options.CleaningNeighbors, Name);
        task.Remove(Cleaning.Edited(task.AllFeatures(), labels, all, _options.CleaningNeighbors, _options.Agreement, task.Cancellation));
        for (int c = 0; c < all.Length; c++)
        {
            if (task.Rows.Counts[c] > 0 && !task.Rows.Of[c].Any(r => task.Keep[r]) && !task.Added.Any(a => task.Rows.Labels[a.Seed] == c))
                throw new ArgumentException($"{Name} would remove all rows of class '{task.Rows.ClassNames[c]}', which lie among rows of other classes. Use SmoteTomek, or Agreement = NeighborAgreement.Most.");
        }
    }

    /// <summary>The sampler's options. The strategy is SMOTE's; rows of all classes are then removed, added ones too.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>SMOTE: how many neighbours of a row one is drawn from; less than the rows of the class. Default 5.</summary>
        public int Neighbors = 5;

        /// <summary>Cleaning: how many neighbours are asked. Default 3.</summary>
        public int CleaningNeighbors = 3;

        /// <summary>Cleaning: how many of them must be of the row's class. Default all.</summary>
        public NeighborAgreement Agreement = NeighborAgreement.All;
    }
}
