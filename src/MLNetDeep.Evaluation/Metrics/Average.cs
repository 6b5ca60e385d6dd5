namespace MLNetDeep.Evaluation;

/// <summary>How a figure of each class becomes one of all; as in scikit-learn.</summary>
public enum Average
{
    /// <summary>The mean over classes: rare ones count as much as frequent ones.</summary>
    Macro,

    /// <summary>From the counts of all classes together: every row counts the same.</summary>
    Micro,

    /// <summary>The mean over classes, weighted by their rows.</summary>
    Weighted,
}
