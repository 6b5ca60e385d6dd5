using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>Removes the rows of frequent classes that are hardest to get right: those with the least probability of their own class (Smith, Martinez and Giraud-Carrier 2014).</summary>
/// <remarks>
/// The probability is that of <see cref="Options.Trainer"/> on rows that it was not fitted to, in folds with the classes in proportion; without a trainer, the share of a row's
/// nearest neighbours that are of its class.
/// </remarks>
public sealed class InstanceHardness : Undersampler
{
    private readonly Options _options;

    internal InstanceHardness(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.Neighbors >= 1, nameof(Options.Neighbors), options.Neighbors, "at least 1");
        Require(options.Folds >= 2, nameof(Options.Folds), options.Folds, "at least 2");
    }

    private protected override string Name => "Instance hardness";

    private protected override bool NeedsFeatures => _options.Trainer is null;

    private protected override void Sample(SamplingTask task)
    {
        task.Ease = _options.Trainer is { } trainer ? OutOfFold(task, trainer) : Neighborly(task);
        base.Sample(task);
    }

    private protected override IEnumerable<int> Choose(SamplingTask task, int label, int count)
    {
        int[] rows = [.. task.Rows.Of[label]];

        // Of equals any.
        task.Random.Shuffle(rows);
        return rows.OrderByDescending(r => task.Ease[r]).Take(count);
    }

    private double[] Neighborly(SamplingTask task)
    {
        int[] all = task.Rows.All, labels = task.Rows.Labels;
        int k = _options.Neighbors;
        Cleaning.Check(all.Length, k, Name);
        int[] around = task.Rows.Features.Nearest(all, all, k, task.Cancellation).Indices;
        double[] ease = new double[labels.Length];
        for (int i = 0; i < all.Length; i++)
            ease[all[i]] = (double)around.AsSpan(i * k, k).ToArray().Count(n => labels[n] == labels[all[i]]) / k;
        return ease;
    }

    private double[] OutOfFold(SamplingTask task, IEstimator<ITransformer> trainer)
    {
        int[] labels = task.Rows.Labels, fold = new int[labels.Length];
        int least = task.Rows.Counts.Where(c => c > 0).Min();
        if (least < _options.Folds)
            throw new ArgumentException($"The smallest class has {least} rows, which cannot be in each of {_options.Folds} folds (Folds): set it to {least} or less, or leave Trainer out.");
        foreach (int[] rows in task.Rows.Of)
        {
            int[] shuffled = [.. rows];
            task.Random.Shuffle(shuffled);
            for (int i = 0; i < shuffled.Length; i++)
                fold[shuffled[i]] = i % _options.Folds;
        }

        double[] ease = new double[labels.Length];
        for (int f = 0; f < _options.Folds; f++)
        {
            task.Cancellation.ThrowIfCancellationRequested();
            IDataView scored = trainer.Fit(ResampledView.Part(task, i => fold[i] != f)).Transform(ResampledView.Part(task, i => fold[i] == f));
            int[] rows = [.. task.Rows.All.Where(i => fold[i] == f)];
            int at = 0;
            foreach (double[] probabilities in Outputs.Probabilities(scored))
            {
                int row = rows[at++];
                ease[row] = probabilities[labels[row]];
            }
        }

        return ease;
    }

    /// <summary>The sampler's options.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>A trainer whose out-of-fold probabilities tell how hard a row is. Default null: the nearest neighbours do.</summary>
        public IEstimator<ITransformer>? Trainer;

        /// <summary>Folds for <see cref="Trainer"/>. Default 5.</summary>
        public int Folds = 5;

        /// <summary>How many neighbours are asked where there is no trainer. Default 5.</summary>
        public int Neighbors = 5;
    }
}
