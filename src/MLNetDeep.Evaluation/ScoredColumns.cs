namespace MLNetDeep.Evaluation;

/// <summary>The columns of scored data. The defaults are those that ML.NET's trainers and transformers give.</summary>
public sealed record ScoredColumns
{
    /// <summary>What is true: Boolean, a number (1 or 0) or a key of two values for two classes; a key for several; Single or Double for a regression.</summary>
    public string Label { get; init; } = "Label";

    /// <summary>What the model gives: Single for two classes and for a regression, a vector of Single for several classes.</summary>
    public string Score { get; init; } = "Score";

    /// <summary>The probability of true (two classes only). Where the data has no such column, figures that need it are left out.</summary>
    public string Probability { get; init; } = "Probability";

    /// <summary>The decision. Where the data has no such column, it is a score above 0, or the class of the highest score.</summary>
    public string PredictedLabel { get; init; } = "PredictedLabel";

    /// <summary>How much each row counts (Single or Double, at least 0). Default null: all the same.</summary>
    public string? Weight { get; init; }
}
