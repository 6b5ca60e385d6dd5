namespace MLNetDeep.Evaluation;

/// <summary>How rows are dealt out to folds.</summary>
public sealed record FoldOptions
{
    /// <summary>How many folds; each is held out once. Default 5.</summary>
    public int NumberOfFolds { get; init; } = 5;

    /// <summary>How often rows are dealt out anew. Default 1; 5 to 10 give steadier means.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>A column whose equal values stay in one fold: customers, patients, days. Default null: every row for itself.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>The seed. Default 1: the same data and seed give the same folds.</summary>
    public int Seed { get; init; } = 1;
}
