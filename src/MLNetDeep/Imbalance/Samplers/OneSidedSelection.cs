using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>
/// One-sided selection: keeps of the frequent classes the rows that a nearest-neighbour rule needs, and then removes Tomek links (Kubat and Matwin 1997).
/// </summary>
/// <remarks>The rule starts from the smallest class and a few rows of the frequent class; rows that it already gets right are not needed.</remarks>
public sealed class OneSidedSelection : CleaningSampler
{
    private readonly Options _options;

    internal OneSidedSelection(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.Seeds >= 1, nameof(Options.Seeds), options.Seeds, "at least 1");
    }

    private protected override string Name => "One-sided selection";

    private protected override bool[] Find(SamplingTask task, bool[] cleaned)
    {
        int[] labels = [.. task.Rows.Labels];
        int least = Array.IndexOf(task.Rows.Counts, task.Rows.Counts.Where(c => c > 0).Min());
        bool[] removed = new bool[labels.Length];
        for (int c = 0; c < cleaned.Length; c++)
        {
            if (!cleaned[c] || c == least || task.Rows.Counts[c] == 0)
                continue;
            int[] rows = [.. task.Rows.Of[c]];
            task.Random.Shuffle(rows);
            int[] seeds = rows[..Math.Min(_options.Seeds, rows.Length)], others = rows[seeds.Length..];
            int[] store = [.. task.Rows.Of[least].Concat(seeds).Order()];
            int[] nearest = task.Rows.Features.Nearest(others, store, 1, task.Cancellation).Indices;
            for (int i = 0; i < others.Length; i++)
                removed[others[i]] = labels[nearest[i]] == c;
        }

        for (int i = 0; i < labels.Length; i++)
            labels[i] = removed[i] ? -1 : labels[i];
        bool[] linked = Cleaning.TomekLinks(task.Rows.Features, labels, cleaned, task.Cancellation);
        return [.. removed.Zip(linked, (r, l) => r || l)];
    }

    /// <summary>The sampler's options.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>Rows of each frequent class, drawn at random, that the rule starts from. Default 1.</summary>
        public int Seeds = 1;
    }
}
