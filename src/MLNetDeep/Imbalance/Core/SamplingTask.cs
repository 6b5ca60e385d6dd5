using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Generation;

namespace MLNetDeep.Imbalance.Core;

/// <summary>Rows to sample from, and what becomes of them.</summary>
internal sealed class SamplingTask
{
    public SamplingTask(LabelledRows rows, IDataView data, Random random, Action<string> warn, CancellationToken cancellation)
    {
        Rows = rows;
        Data = data;
        Random = random;
        Warn = warn;
        Cancellation = cancellation;
        Keep = [.. rows.Labels.Select(l => l >= 0)];
    }

    public LabelledRows Rows { get; }

    public IDataView Data { get; }

    public Random Random { get; }

    /// <summary>Takes lines about what a method could not do.</summary>
    public Action<string> Warn { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>Which rows stay.</summary>
    public bool[] Keep { get; }

    /// <summary>Rows that are added, before they are put among the others.</summary>
    public List<NewRow> Added { get; } = [];

    /// <summary>Columns whose value in a new row is that of another row than its seed: <see cref="NewRow.Donors"/>.</summary>
    public IReadOnlyList<string> DonorColumns { get; set; } = [];

    /// <summary>Columns whose values in a new row a model made: <see cref="NewRow.Made"/>.</summary>
    public IReadOnlyList<string> MadeColumns { get; set; } = [];

    /// <summary>The model; null before it has been trained.</summary>
    public TabularTransformer? Model { get; set; }

    /// <summary>What the model made, one view after the other.</summary>
    public List<IDataView> Made { get; } = [];

    /// <summary>How easy each row is, where a method measures that.</summary>
    public double[] Ease { get; set; } = [];

    /// <summary>The features of all rows, those there were and those added.</summary>
    public FeatureMatrix AllFeatures() => Rows.Features.With([.. Added.Select(a => a.Features!.Value)]);

    /// <summary>The classes of all rows, those there were and those added.</summary>
    public int[] AllLabels() => [.. Rows.Labels, .. Added.Select(a => Rows.Labels[a.Seed])];

    /// <summary>Removes rows, numbered as <see cref="AllLabels"/> has them.</summary>
    public void Remove(bool[] removed)
    {
        for (int i = 0; i < Keep.Length; i++)
            Keep[i] &= !removed[i];
        int at = Keep.Length;
        Added.RemoveAll(_ => removed[at++]);
    }
}
