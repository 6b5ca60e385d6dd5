using Microsoft.ML;
using MLNetDeep.Training;

namespace MLNetDeep.Evaluation;

/// <summary>What a report shows.</summary>
public sealed record ReportOptions
{
    /// <summary>Its title. Default "Evaluation".</summary>
    public string Title { get; init; } = "Evaluation";

    /// <summary>The columns of scored data.</summary>
    public ScoredColumns Columns { get; init; } = new();

    /// <summary>How confidence intervals are computed; null for none. Default: 1,000 samples, BCa, 95 %.</summary>
    public BootstrapOptions? Bootstrap { get; init; } = new();

    /// <summary>The training's history, for its curves: of a neural network, <c>model.GetNeuralNetwork().History</c>. Default null.</summary>
    public History? History { get; init; }

    /// <summary>What the data was before training, for its section. Default null.</summary>
    public DataProfile? Profile { get; init; }

    /// <summary>Importance of features, from <c>ColumnImportance</c>. Default null.</summary>
    public IReadOnlyList<FeatureImportance>? Importance { get; init; }

    /// <summary>What decisions cost (two classes only), for the threshold sweep. Default null.</summary>
    public CostMatrix? Costs { get; init; }

    /// <summary>How many of the worst errors are shown. Default 20.</summary>
    public int WorstErrors { get; init; } = 20;

    /// <summary>The columns that are shown of them. Default null: up to eight that hold single values.</summary>
    public IReadOnlyList<string>? ErrorColumns { get; init; }

    internal IDataView? Data { get; init; }
}
