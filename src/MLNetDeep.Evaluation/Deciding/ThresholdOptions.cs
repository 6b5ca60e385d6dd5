namespace MLNetDeep.Evaluation;

/// <summary>How a threshold is tuned.</summary>
public sealed record ThresholdOptions
{
    /// <summary>What it is chosen for. Default F1.</summary>
    public ThresholdAim Aim { get; init; } = ThresholdAim.F1;

    /// <summary>How rows are dealt out for scores by models that have not learned from them; the first repeat counts. Default: 5 folds.</summary>
    public FoldOptions Folds { get; init; } = new();

    /// <summary>The column that folds have equal shares of. Default null: the label. To be named where the label is made within the trainer's pipeline under a name of its own.</summary>
    public string? StratifyColumn { get; init; }

    /// <summary>The columns. Rows count by the weight column, if there is one.</summary>
    public ScoredColumns Columns { get; init; } = new();

    /// <summary>Ends the tuning between two folds.</summary>
    public CancellationToken Cancellation { get; init; }
}
