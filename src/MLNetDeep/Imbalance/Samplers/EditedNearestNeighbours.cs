using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>Removes rows whose nearest neighbours are of other classes (Wilson 1972).</summary>
public sealed class EditedNearestNeighbours : CleaningSampler
{
    private readonly Options _options;

    internal EditedNearestNeighbours(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.Neighbors >= 1, nameof(Options.Neighbors), options.Neighbors, "at least 1");
    }

    private protected override string Name => "Edited nearest neighbours";

    private protected override bool[] Find(SamplingTask task, bool[] cleaned)
    {
        Cleaning.Check(task.Rows.All.Length, _options.Neighbors, Name);
        return Cleaning.Edited(task.Rows.Features, task.Rows.Labels, cleaned, _options.Neighbors, _options.Agreement, task.Cancellation);
    }

    /// <summary>The sampler's options.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>How many neighbours are asked. Default 3.</summary>
        public int Neighbors = 3;

        /// <summary>How many of them must be of the row's class. Default all, which removes more.</summary>
        public NeighborAgreement Agreement = NeighborAgreement.All;
    }
}
