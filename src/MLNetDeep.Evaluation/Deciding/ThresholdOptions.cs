namespace MLNetDeep.Evaluation;

/// <summary>How a threshold is tuned.</summary>
public sealed record ThresholdOptions
{
    /// <summary>What it is chosen for. Default F1.</summary>
    public ThresholdAim Aim { get; init; } = ThresholdAim.F1;

    /// <summary>How rows are dealt out for scores by models that have not learned from them; the first repeat counts. Default: 5 folds.</summary>
    public FoldOptions Folds { get; init; } = new();

    /// <summary>The columns. Rows count by the weight column, if there is one.</summary>
    public ScoredColumns Columns { get; init; } = new();

    /// <summary>Ends the tuning between two folds.</summary>
    public CancellationToken Cancellation { get; init; }
}
