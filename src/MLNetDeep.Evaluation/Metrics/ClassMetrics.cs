namespace MLNetDeep.Evaluation;

/// <summary>The figures of one class against all others.</summary>
/// <param name="Name">The class.</param>
/// <param name="Support">Weight of its rows.</param>
/// <param name="Predicted">Weight of the rows predicted as it.</param>
/// <param name="Precision">Share of the rows predicted as it that are.</param>
/// <param name="Recall">Share of its rows that are predicted as it.</param>
/// <param name="Specificity">Share of the other rows that are not predicted as it.</param>
/// <param name="F1">Harmonic mean of precision and recall.</param>
/// <param name="RocAuc">Area under the ROC curve of its score; NaN if it has no rows or all.</param>
/// <param name="AveragePrecision">Average precision of its score; NaN if it has no rows.</param>
public sealed record ClassMetrics(string Name, double Support, double Predicted, double Precision, double Recall, double Specificity, double F1, double RocAuc, double AveragePrecision);
