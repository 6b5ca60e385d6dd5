namespace MLNetDeep.Evaluation;

/// <summary>How data is looked at.</summary>
public sealed record ProfileOptions
{
    /// <summary>The label; null for data without one.</summary>
    public string? LabelColumn { get; init; } = "Label";

    /// <summary>Columns to leave out. Default: none.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Rows to look at, from the first. Default 100,000.</summary>
    public int MaxRows { get; init; } = 100_000;

    /// <summary>Slots of a vector to look at, from the first. Default 200.</summary>
    public int MaxSlots { get; init; } = 200;

    /// <summary>From what ROC AUC of a single column on it is suspected to know the label. Default 0.98.</summary>
    public double LeakageAuc { get; init; } = 0.98;

    /// <summary>From what share of the label's information on a column is suspected to know it. Default 0.9.</summary>
    public double LeakageInformation { get; init; } = 0.9;
}
