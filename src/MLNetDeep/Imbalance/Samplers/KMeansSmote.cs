using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>KMeans-SMOTE: clusters all rows and applies <see cref="Smote"/> inside clusters in which the class is frequent enough, more where it lies more sparsely (Last, Douzas and Bacao 2017).</summary>
public sealed class KMeansSmote : Oversampler
{
    private const int MostRounds = 100;

    private readonly Options _options;

    internal KMeansSmote(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.Neighbors >= 1, nameof(Options.Neighbors), options.Neighbors, "at least 1");
        Require(options.Clusters >= 2, nameof(Options.Clusters), options.Clusters, "at least 2");
        Require(options.BalanceThreshold is null or (>= 0 and <= 1), nameof(Options.BalanceThreshold), options.BalanceThreshold ?? 0, "0 to 1");
        Require(options.DensityExponent is null or >= 0, nameof(Options.DensityExponent), options.DensityExponent ?? 0, "at least 0");
    }

    private protected override string Name => "KMeans-SMOTE";

    private protected override void Add(SamplingTask task, int label, int count)
    {
        CheckKin(task, label, _options.Neighbors);
        int[] all = task.Rows.All;
        Require(_options.Clusters <= all.Length, nameof(Options.Clusters), _options.Clusters, $"at most the {all.Length} rows");
        int[] clusters = Cluster(task.Rows.Features, all, task.Random, task.Cancellation);
        double least = _options.BalanceThreshold ?? (double)task.Rows.Counts[label] / all.Length;
        List<int[]> members = [];
        for (int c = 0; c < _options.Clusters; c++)
        {
            int size = clusters.Count(x => x == c);
            int[] own = [.. all.Where((row, i) => clusters[i] == c && task.Rows.Labels[row] == label)];
            if (own.Length > _options.Neighbors && own.Length >= least * size)
                members.Add(own);
        }

        if (members.Count == 0)
        {
            throw new ArgumentException(
                $"{Name} found no cluster of {_options.Clusters} in which class '{task.Rows.ClassNames[label]}' has more than {_options.Neighbors} rows and a share of {least:0.####} or more. " +
                "Lower BalanceThreshold or Neighbors, or change Clusters.");
        }

        int[] points = Share([.. members.Select(m => Sparsity(task.Rows.Features, m))], count);
        for (int c = 0; c < members.Count; c++)
        {
            int[] rows = members[c];
            int[] kin = task.Rows.Features.Nearest(rows, rows, _options.Neighbors, task.Cancellation).Indices;
            for (int i = 0; i < points[c]; i++)
            {
                int seed = task.Random.Next(rows.Length), neighbor = kin[seed * _options.Neighbors + task.Random.Next(_options.Neighbors)];
                task.Added.Add(new(rows[seed], task.Rows.Features.Between(rows[seed], neighbor, task.Random.NextDouble())));
            }
        }
    }

    // The mean distance of two rows to a power, over the number of rows.
    private double Sparsity(FeatureMatrix features, int[] rows)
    {
        (_, double[] squares) = features.Nearest(rows, rows, rows.Length - 1, default);
        double mean = squares.Average(Math.Sqrt);
        double exponent = _options.DensityExponent ?? Math.Pow(Math.Log(rows.Length, 1.6), 1.8) * 0.16;
        return Math.Max(Math.Pow(mean, exponent), double.Epsilon) / rows.Length;
    }

    // Lloyd 1982, from centres by k-means++ (Arthur and Vassilvitskii 2007).
    private int[] Cluster(FeatureMatrix features, int[] rows, Random random, CancellationToken cancellation)
    {
        int k = _options.Clusters, d = features.Dimensions;
        List<VBuffer<float>> centers = [Row(features, rows[random.Next(rows.Length)])];
        double[] nearest = [.. rows.Select(_ => double.PositiveInfinity)];
        while (centers.Count < k)
        {
            double[] squares = features.With([centers[^1]]).Nearest(rows, [features.Count], 1, cancellation).Squares;
            for (int i = 0; i < rows.Length; i++)
                nearest[i] = Math.Min(nearest[i], squares[i]);
            double drawn = random.NextDouble() * nearest.Sum();
            int at = 0;
            for (; at < rows.Length - 1 && (drawn -= nearest[at]) >= 0; at++)
            {
            }

            centers.Add(Row(features, rows[at]));
        }

        int[] clusters = [];
        for (int round = 0; round < MostRounds; round++)
        {
            int[] numbers = [.. Enumerable.Range(features.Count, k)];
            int[] found = [.. features.With(centers).Nearest(rows, numbers, 1, cancellation).Indices.Select(i => i - features.Count)];
            if (found.AsSpan().SequenceEqual(clusters))
                break;
            clusters = found;
            double[] sums = new double[k * d];
            int[] counts = new int[k];
            float[] row = new float[d];
            for (int i = 0; i < rows.Length; i++)
            {
                features.CopyRow(rows[i], row);
                counts[clusters[i]]++;
                for (int j = 0; j < d; j++)
                    sums[clusters[i] * d + j] += row[j];
            }

            // An empty cluster stays where it is.
            for (int c = 0; c < k; c++)
            {
                if (counts[c] > 0)
                    centers[c] = new(d, [.. sums.AsSpan(c * d, d).ToArray().Select(s => (float)(s / counts[c]))]);
            }
        }

        return clusters;
    }

    private static VBuffer<float> Row(FeatureMatrix features, int row)
    {
        float[] values = new float[features.Dimensions];
        features.CopyRow(row, values);
        return new(values.Length, values);
    }

    /// <summary>The sampler's options.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>How many neighbours of a row in its cluster one is drawn from. Default 5.</summary>
        public int Neighbors = 5;

        /// <summary>Number of clusters. Default 8.</summary>
        public int Clusters = 8;

        /// <summary>Least share of a cluster's rows that must be of the class. Default null: the class's share of all rows.</summary>
        public double? BalanceThreshold;

        /// <summary>Power of the mean distance within a cluster; a higher one puts more points into sparse clusters. Default null: 0.16 · (log of the rows to base 1.6)^1.8.</summary>
        public double? DensityExponent;
    }
}
