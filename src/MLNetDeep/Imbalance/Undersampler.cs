using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance;

/// <summary>A sampler that removes as many rows as it is told.</summary>
public abstract class Undersampler : ImbalanceSampler
{
    private readonly SamplerOptions _options;

    private protected Undersampler(IHostEnvironment env, SamplerOptions options)
        : base(env, options) => _options = options;

    private protected override void Sample(SamplingTask task)
    {
        int[] wanted = (_options.Strategy ?? SamplingStrategy.NotMinority).AfterRemoving(task.Rows.ClassNames, task.Rows.Counts, Name);
        for (int c = 0; c < wanted.Length; c++)
        {
            task.Cancellation.ThrowIfCancellationRequested();
            if (wanted[c] >= task.Rows.Counts[c])
                continue;
            HashSet<int> chosen = [.. Choose(task, c, wanted[c])];
            foreach (int row in task.Rows.Of[c])
                task.Keep[row] = chosen.Contains(row);
        }
    }

    // The rows of a class that stay.
    private protected abstract IEnumerable<int> Choose(SamplingTask task, int label, int count);

    // All classes together that are smallest: those that a method measures distances to.
    private protected static int[] Smallest(SamplingTask task)
    {
        int least = task.Rows.Counts.Where(c => c > 0).Min();
        return task.Rows.Of[Array.IndexOf(task.Rows.Counts, least)];
    }
}
