namespace MLNetDeep.Generation;

/// <summary>How synthetic rows of a table are compared with real ones.</summary>
public sealed class TabularEvaluationOptions
{
    /// <summary>The columns to compare. Default null: all of the real data's.</summary>
    public IReadOnlyList<string>? ColumnNames;

    /// <summary>The column that models are trained to predict, to see what synthetic rows are worth; needs held-out rows. Default null: none.</summary>
    public string? LabelColumnName;

    /// <summary>Synthetic and held-out rows for which the closest real row is looked for, evenly taken. At least 1. Default 2000.</summary>
    public int DistanceRows = 2000;

    /// <summary>Equally wide bins of quantities where they are compared with categories; at least 2. Default 10.</summary>
    public int Bins = 10;

    /// <summary>Seed of the models that are trained. Default 0.</summary>
    public int Seed;

    /// <summary>Ends the evaluation with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken;
}
