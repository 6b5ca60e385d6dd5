namespace MLNetDeep.Generation;

/// <summary>How alike two columns depend on each other in two tables.</summary>
/// <param name="First">A column, or the slot of a vector.</param>
/// <param name="Second">Another.</param>
/// <param name="Trend">
/// 0 to 1. Of two quantities 1 less half the difference of Pearson's correlations, over rows in which neither is missing; else 1 less the total variation distance of the contingency tables, quantities in ten
/// equally wide bins of the real values (SDMetrics' CorrelationSimilarity and ContingencySimilarity). Null for quantities one of which does not vary.
/// </param>
public sealed record TabularPairMetrics(string First, string Second, double? Trend);
