using System.Globalization;

namespace MLNetDeep.Evaluation;

/// <summary>Whether two models are right on the same rows equally often (McNemar 1947).</summary>
/// <param name="OnlyFirstRight">Rows on which only the first is right.</param>
/// <param name="OnlySecondRight">Rows on which only the second is right.</param>
/// <param name="PValue">How probable such an imbalance is between models that are equally often right; two-sided.</param>
/// <param name="IsExact">Whether it is from the binomial distribution (up to 25 rows); else from chi-squared with the correction for continuity.</param>
public sealed record McNemarTest(int OnlyFirstRight, int OnlySecondRight, double PValue, bool IsExact)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"only first right {OnlyFirstRight}, only second right {OnlySecondRight}, p {(PValue < 0.0001 ? "< 0.0001" : $"= {PValue:G2}")}");
}
