namespace MLNetDeep.Evaluation;

/// <summary>How permutation importance is measured.</summary>
public sealed record ImportanceOptions
{
    /// <summary>The figure that is watched, by its name. Default null: <c>roc_auc</c>, <c>roc_auc_ovr</c> or <c>rmse</c>.</summary>
    public string? Metric { get; init; }

    /// <summary>The columns to look at. Default null: all that the model takes, but label and weight.</summary>
    public IReadOnlyList<string>? Features { get; init; }

    /// <summary>How often each is put in disorder. Default 3.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>Rows to score; of more, that many are drawn. Default 2000.</summary>
    public int MaxRows { get; init; } = 2000;

    /// <summary>Vectors of Single with up to so many slots are looked at slot by slot, others as a whole. Default 64.</summary>
    public int MaxSlots { get; init; } = 64;

    /// <summary>The seed. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The columns of scored data.</summary>
    public ScoredColumns Columns { get; init; } = new();

    internal void Check()
    {
        if (Repeats < 1 || MaxRows < 2 || MaxSlots < 0)
            throw new ArgumentException($"{nameof(Repeats)} is {Repeats}, {nameof(MaxRows)} {MaxRows}, {nameof(MaxSlots)} {MaxSlots}; expected at least 1, 2 and 0.");
    }
}
