namespace MLNetDeep.Evaluation;

/// <summary>How much worse a model gets when what a feature says is put in disorder.</summary>
/// <param name="Name">The column, or a slot of it.</param>
/// <param name="Mean">By how much the figure worsens, on average; around 0 for a feature that the model does without.</param>
/// <param name="StandardDeviation">How much that varies from one disorder to another.</param>
public sealed record FeatureImportance(string Name, double Mean, double StandardDeviation);
