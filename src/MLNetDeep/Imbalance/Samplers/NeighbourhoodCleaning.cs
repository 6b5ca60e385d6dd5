using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>
/// The neighbourhood cleaning rule: removes rows whose neighbours are of other classes, and rows of large classes that make a row of the smallest class look wrong (Laurikkala 2001).
/// </summary>
public sealed class NeighbourhoodCleaning : CleaningSampler
{
    private readonly Options _options;

    internal NeighbourhoodCleaning(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.Neighbors >= 1, nameof(Options.Neighbors), options.Neighbors, "at least 1");
        Require(options.Threshold >= 0, nameof(Options.Threshold), options.Threshold, "at least 0");
    }

    private protected override string Name => "Neighbourhood cleaning";

    private protected override bool[] Find(SamplingTask task, bool[] cleaned)
    {
        int[] all = task.Rows.All, labels = task.Rows.Labels, counts = task.Rows.Counts;
        int k = _options.Neighbors, least = counts.Where(c => c > 0).Min();
        Cleaning.Check(all.Length, k, Name);
        bool[] removed = Cleaning.Edited(task.Rows.Features, labels, cleaned, k, _options.Agreement, task.Cancellation);
        int[] rare = task.Rows.Of[Array.IndexOf(counts, least)];
        int[] around = task.Rows.Features.Nearest(rare, all, k, task.Cancellation).Indices;
        for (int i = 0; i < rare.Length; i++)
        {
            ReadOnlySpan<int> neighbors = around.AsSpan(i * k, k);
            if (Cleaning.Agrees(labels, rare[i], neighbors, NeighborAgreement.Most))
                continue;
            foreach (int neighbor in neighbors)
            {
                int other = labels[neighbor];
                removed[neighbor] |= other != labels[rare[i]] && cleaned[other] && counts[other] > _options.Threshold * least;
            }
        }

        return removed;
    }

    /// <summary>The sampler's options.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>How many neighbours are asked. Default 3.</summary>
        public int Neighbors = 3;

        /// <summary>How many of a row's neighbours must be of its class. Default most.</summary>
        public NeighborAgreement Agreement = NeighborAgreement.Most;

        /// <summary>Neighbours of rows of the smallest class go only where their class has more rows than this times the smallest. Default 0.5.</summary>
        public double Threshold = 0.5;
    }
}
