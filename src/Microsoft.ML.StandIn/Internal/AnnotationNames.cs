namespace Microsoft.ML;

/// <summary>The names of the annotations that components agree on.</summary>
internal static class AnnotationNames
{
    /// <summary>The names of a vector's slots: a vector of text as long as the column's.</summary>
    public const string SlotNames = "SlotNames";

    /// <summary>What each key stands for: a vector as long as the key type's count.</summary>
    public const string KeyValues = "KeyValues";

    /// <summary>Whether a column was normalised: a Boolean.</summary>
    public const string IsNormalized = "IsNormalized";

    /// <summary>Which slots belong to one categorical value: a vector of pairs of indices.</summary>
    public const string CategoricalSlotRanges = "CategoricalSlotRanges";

    /// <summary>On score columns: groups the columns of one scoring.</summary>
    public const string ScoreColumnSetId = "ScoreColumnSetId";

    /// <summary>On score columns: what kind of learner gave them.</summary>
    public const string ScoreColumnKind = "ScoreColumnKind";

    /// <summary>On score columns: what the value means.</summary>
    public const string ScoreValueKind = "ScoreValueKind";

    /// <summary>On multiclass score columns: the label's key values.</summary>
    public const string TrainingLabelValues = "TrainingLabelValues";
}
