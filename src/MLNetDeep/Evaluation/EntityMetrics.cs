namespace MLNetDeep.Evaluation;

/// <summary>How well one kind of entity is found: an entity counts as found if its first token, its last token and its kind are all right.</summary>
/// <param name="Type">The kind.</param>
/// <param name="Correct">Entities found.</param>
/// <param name="Predicted">Entities predicted.</param>
/// <param name="Actual">Entities there are.</param>
public sealed record EntityMetrics(string Type, long Correct, long Predicted, long Actual)
{
    /// <summary>Share of the predicted entities that are right; 0 if none is predicted.</summary>
    public double Precision => Predicted == 0 ? 0 : (double)Correct / Predicted;

    /// <summary>Share of the entities that are found; 0 if there is none.</summary>
    public double Recall => Actual == 0 ? 0 : (double)Correct / Actual;

    /// <summary>The harmonic mean of <see cref="Precision"/> and <see cref="Recall"/>; 0 if both are.</summary>
    public double F1 => Predicted + Actual == 0 ? 0 : 2.0 * Correct / (Predicted + Actual);
}
