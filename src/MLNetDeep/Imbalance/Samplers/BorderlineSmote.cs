using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>Borderline-SMOTE: as <see cref="Smote"/>, but only from rows in danger, most of whose neighbours in all data are of other classes, though not all (Han, Wang and Mao 2005).</summary>
/// <remarks>Where no row of a class is in danger, none is added and <see cref="MLContext.Log"/> says so.</remarks>
public sealed class BorderlineSmote : Oversampler
{
    private readonly Options _options;

    internal BorderlineSmote(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.Neighbors >= 1, nameof(Options.Neighbors), options.Neighbors, "at least 1");
        Require(options.DangerNeighbors >= 1, nameof(Options.DangerNeighbors), options.DangerNeighbors, "at least 1");
        Require(options.Kind is 1 or 2, nameof(Options.Kind), options.Kind, "1 or 2");
    }

    private protected override string Name => "Borderline-SMOTE";

    private protected override void Add(SamplingTask task, int label, int count)
    {
        int[] rows = task.Rows.Of[label], all = task.Rows.All, labels = task.Rows.Labels;
        CheckKin(task, label, _options.Neighbors);
        int asked = _options.DangerNeighbors;
        Cleaning.Check(all.Length, Math.Max(asked, _options.Neighbors), Name);
        int[] around = task.Rows.Features.Nearest(rows, all, asked, task.Cancellation).Indices;
        int[] danger = [.. rows.Where((_, i) =>
        {
            int others = around.AsSpan(i * asked, asked).ToArray().Count(n => labels[n] != label);
            return 2 * others >= asked && others < asked;
        })];
        if (danger.Length == 0)
        {
            task.Warn($"Borderline-SMOTE added no rows of class '{task.Rows.ClassNames[label]}': none is in danger, with half or more of its {asked} neighbours of other classes but not all.");
            return;
        }

        int k = _options.Neighbors;
        int[] near = task.Rows.Features.Nearest(danger, _options.Kind == 1 ? rows : all, k, task.Cancellation).Indices;
        for (int i = 0; i < count; i++)
        {
            int seed = task.Random.Next(danger.Length), neighbor = near[seed * k + task.Random.Next(k)];
            double gap = task.Random.NextDouble();

            // Towards another class half the way at most.
            task.Added.Add(new(danger[seed], task.Rows.Features.Between(danger[seed], neighbor, labels[neighbor] == label ? gap : gap / 2)));
        }
    }

    /// <summary>The sampler's options.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>How many neighbours of a row one is drawn from; less than the rows of the class. Default 5.</summary>
        public int Neighbors = 5;

        /// <summary>How many neighbours in all data decide whether a row is in danger. Default 10.</summary>
        public int DangerNeighbors = 10;

        /// <summary>1: neighbours are drawn from the same class; 2: from all classes, with points nearer to the row than to a neighbour of another class. Default 1.</summary>
        public int Kind = 1;
    }
}
