using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance;

/// <summary>A sampler that removes rows by what their neighbours are.</summary>
public abstract class CleaningSampler : ImbalanceSampler
{
    private readonly SamplerOptions _options;

    private protected CleaningSampler(IHostEnvironment env, SamplerOptions options)
        : base(env, options) => _options = options;

    private protected override void Sample(SamplingTask task)
    {
        bool[] cleaned = (_options.Strategy ?? SamplingStrategy.NotMinority).Cleaned(task.Rows.ClassNames, task.Rows.Counts, Name);
        task.Remove(Find(task, cleaned));
        for (int c = 0; c < cleaned.Length; c++)
        {
            if (task.Rows.Counts[c] > 0 && !task.Rows.Of[c].Any(r => task.Keep[r]))
                throw new ArgumentException($"{Name} would remove all {task.Rows.Counts[c]} rows of class '{task.Rows.ClassNames[c]}', which lie among rows of other classes. Leave the class out of the strategy, or look for fewer neighbours.");
        }
    }

    // Which rows go.
    private protected abstract bool[] Find(SamplingTask task, bool[] cleaned);
}
