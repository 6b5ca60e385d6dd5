using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>NearMiss: keeps the rows of frequent classes that lie near the smallest class (Zhang and Mani 2003).</summary>
public sealed class NearMiss : Undersampler
{
    private readonly Options _options;

    internal NearMiss(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.Neighbors >= 1, nameof(Options.Neighbors), options.Neighbors, "at least 1");
        Require(options.CandidateNeighbors >= 1, nameof(Options.CandidateNeighbors), options.CandidateNeighbors, "at least 1");
        Require(options.Version is 1 or 2 or 3, nameof(Options.Version), options.Version, "1, 2 or 3");
    }

    private protected override string Name => "NearMiss";

    private protected override IEnumerable<int> Choose(SamplingTask task, int label, int count)
    {
        int[] rows = task.Rows.Of[label], rare = Smallest(task);
        int k = _options.Neighbors;
        if (k > rare.Length)
            throw new ArgumentException($"The smallest class has {rare.Length} rows, but {Name} looks for {k} neighbours in it (Neighbors): set it to {rare.Length} or less.");
        if (_options.Version == 3)
        {
            int asked = _options.CandidateNeighbors;
            if (asked > rows.Length)
                throw new ArgumentException($"The class '{task.Rows.ClassNames[label]}' has {rows.Length} rows, but {Name} looks for {asked} neighbours in it (CandidateNeighbors): set it to {rows.Length} or less.");
            rows = [.. task.Rows.Features.Nearest(rare, rows, asked, task.Cancellation).Indices.Distinct().Order()];
            if (rows.Length < count)
                task.Warn($"NearMiss kept {rows.Length} rows of class '{task.Rows.ClassNames[label]}' instead of {count}: no more are among the {asked} neighbours of the smallest class.");
        }

        double[] squares = task.Rows.Features.Nearest(rows, rare, k, task.Cancellation, farthest: _options.Version == 2).Squares;
        double[] means = [.. rows.Select((_, i) => squares.AsSpan(i * k, k).ToArray().Average(Math.Sqrt))];
        IEnumerable<int> order = Enumerable.Range(0, rows.Length);
        order = _options.Version == 3 ? order.OrderByDescending(i => means[i]) : order.OrderBy(i => means[i]);
        return order.Take(count).Select(i => rows[i]);
    }

    /// <summary>The sampler's options.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>
        /// 1: rows with the least mean distance to the nearest rows of the smallest class; 2: with the least mean distance to the farthest ones; 3: of those that are
        /// among the <see cref="CandidateNeighbors"/> of a row of the smallest class, the ones with the greatest mean distance to the nearest. Default 1.
        /// </summary>
        public int Version = 1;

        /// <summary>Over how many rows of the smallest class distances are averaged. Default 3.</summary>
        public int Neighbors = 3;

        /// <summary>For version 3: how many neighbours of each row of the smallest class can stay. Default 3.</summary>
        public int CandidateNeighbors = 3;
    }
}
