namespace MLNetDeep.Evaluation;

/// <summary>What each decision costs, in any unit; a gain is a negative cost.</summary>
/// <param name="FalsePositive">A negative row taken for positive.</param>
/// <param name="FalseNegative">A positive row that is missed.</param>
/// <param name="TruePositive">A positive row that is found.</param>
/// <param name="TrueNegative">A negative row that is let pass.</param>
public sealed record CostMatrix(double FalsePositive, double FalseNegative, double TruePositive = 0, double TrueNegative = 0)
{
    internal double Of(ThresholdPoint point) =>
        FalsePositive * point.FalsePositives + FalseNegative * point.FalseNegatives + TruePositive * point.TruePositives + TrueNegative * point.TrueNegatives;
}
