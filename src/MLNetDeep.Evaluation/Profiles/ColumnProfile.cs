namespace MLNetDeep.Evaluation;

/// <summary>What a column, or a slot of a vector, holds.</summary>
/// <param name="Name">The column, or a slot of it.</param>
/// <param name="Type">Its type.</param>
/// <param name="Missing">Rows without a value.</param>
/// <param name="Distinct">Different values, missing ones not counted; counted up to 100,000.</param>
/// <param name="Mean">Mean of numbers; null for others.</param>
/// <param name="StandardDeviation">Standard deviation of numbers; null for others.</param>
/// <param name="Min">Least number; null for others.</param>
/// <param name="Max">Greatest number; null for others.</param>
/// <param name="LabelAuc">How well the column alone tells a class from all others: ROC AUC, at least 0.5, of the class it tells best; null without classes.</param>
/// <param name="LabelInformation">Share of what is not known of the label that the column alone tells: mutual information over the label's entropy, 0 to 1; null without a label.</param>
public sealed record ColumnProfile(string Name, string Type, long Missing, int Distinct, double? Mean, double? StandardDeviation, double? Min, double? Max, double? LabelAuc, double? LabelInformation);
