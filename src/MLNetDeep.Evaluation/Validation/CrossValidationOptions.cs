namespace MLNetDeep.Evaluation;

/// <summary>How a pipeline is cross-validated.</summary>
public sealed record CrossValidationOptions
{
    /// <summary>How rows are dealt out to folds. Default: 5 folds, once.</summary>
    public FoldOptions Folds { get; init; } = new();

    /// <summary>
    /// The column of the data whose classes each fold gets its share of. Default null: the label for classifications, none for regressions.
    /// To be given where the pipeline itself makes the label from it.
    /// </summary>
    public string? StratifyColumn { get; init; }

    /// <summary>The columns of scored data.</summary>
    public ScoredColumns Columns { get; init; } = new();

    /// <summary>Called after each fold with its result as a line of text. Default null.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>Ends the run between two folds.</summary>
    public CancellationToken Cancellation { get; init; }
}
