namespace MLNetDeep.Generation;

/// <summary>How alike a column is in two tables.</summary>
/// <param name="Name">The column, or the slot of a vector.</param>
/// <param name="IsQuantity">Whether it is compared as a quantity (numbers, times), else as categories.</param>
/// <param name="Shape">
/// 0 to 1. Of quantities 1 less the Kolmogorov-Smirnov statistic of the values that are not missing, of categories 1 less the total variation distance (SDMetrics' KSComplement and TVComplement);
/// a missing category is one like others.
/// </param>
/// <param name="RealMissing">Share of the real rows in which it is missing.</param>
/// <param name="SyntheticMissing">Share of the synthetic rows.</param>
public sealed record TabularColumnMetrics(string Name, bool IsQuantity, double Shape, double RealMissing, double SyntheticMissing);
