using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>Removes rows of Tomek links: pairs of rows of different classes that are each other's nearest (Tomek 1976).</summary>
public sealed class TomekLinks : CleaningSampler
{
    internal TomekLinks(IHostEnvironment env, Options options)
        : base(env, options)
    {
    }

    private protected override string Name => "Tomek links";

    private protected override bool[] Find(SamplingTask task, bool[] cleaned) => Cleaning.TomekLinks(task.Rows.Features, task.Rows.Labels, cleaned, task.Cancellation);

    /// <summary>The sampler's options. With <see cref="SamplingStrategy.All"/> both rows of a link go.</summary>
    public sealed class Options : SamplerOptions
    {
    }
}
