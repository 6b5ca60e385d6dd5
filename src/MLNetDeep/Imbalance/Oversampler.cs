using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance;

/// <summary>A sampler that adds rows.</summary>
public abstract class Oversampler : ImbalanceSampler
{
    private readonly SamplerOptions _options;

    private protected Oversampler(IHostEnvironment env, SamplerOptions options)
        : base(env, options) => _options = options;

    private protected override void Sample(SamplingTask task)
    {
        int[] wanted = (_options.Strategy ?? SamplingStrategy.NotMajority).AfterAdding(task.Rows.ClassNames, task.Rows.Counts, Name);
        for (int c = 0; c < wanted.Length; c++)
        {
            task.Cancellation.ThrowIfCancellationRequested();
            int count = wanted[c] - task.Rows.Counts[c];
            if (count > 0 && task.Rows.Counts[c] > 0)
                Add(task, c, count);
        }
    }

    // Adds rows of a class.
    private protected abstract void Add(SamplingTask task, int label, int count);

    // The nearest rows of the same class to each of its rows.
    private protected int[] Kin(SamplingTask task, int label, int neighbors)
    {
        int[] rows = task.Rows.Of[label];
        CheckKin(task, label, neighbors);
        return task.Rows.Features.Nearest(rows, rows, neighbors, task.Cancellation).Indices;
    }

    private protected void CheckKin(SamplingTask task, int label, int neighbors)
    {
        int rows = task.Rows.Counts[label];
        string name = task.Rows.ClassNames[label];
        if (rows == 1)
            throw new ArgumentException($"The class '{name}' has one row only: {Name} has no neighbour of its class to go to from there. Get more rows, use RandomOverSampler for it, or leave it out by SamplingStrategy.Counts.");
        if (rows <= neighbors)
            throw new ArgumentException($"The class '{name}' has {rows} rows, but {Name} looks for {neighbors} neighbours of the same class (Neighbors): set it to {rows - 1} or less.");
    }

    // Whole numbers in proportion to weights that sum to a total: the largest remainders are rounded up.
    private protected static int[] Share(double[] weights, int total)
    {
        double sum = weights.Sum();
        double[] exact = [.. weights.Select(w => w / sum * total)];
        int[] counts = [.. exact.Select(e => (int)e)];
        foreach (int i in Enumerable.Range(0, exact.Length).OrderByDescending(i => exact[i] - counts[i]).Take(total - counts.Sum()))
            counts[i]++;
        return counts;
    }
}
