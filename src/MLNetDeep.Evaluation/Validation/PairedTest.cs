using System.Globalization;

namespace MLNetDeep.Evaluation;

/// <summary>Whether two models differ in a figure, over the same folds.</summary>
/// <param name="Metric">The figure.</param>
/// <param name="Difference">Mean difference, first minus second, with its confidence interval.</param>
/// <param name="Statistic">Student's t of the corrected resampled test.</param>
/// <param name="DegreesOfFreedom">Its degrees of freedom: folds - 1.</param>
/// <param name="PValue">How probable a difference this large is between models that are equally good; two-sided.</param>
public sealed record PairedTest(string Metric, ConfidenceInterval Difference, double Statistic, int DegreesOfFreedom, double PValue)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Metric}: difference {Difference}, t({DegreesOfFreedom}) = {Statistic:F2}, p {(PValue < 0.0001 ? "< 0.0001" : $"= {PValue:G2}")}");
}
