using System.Globalization;

namespace MLNetDeep.Evaluation;

/// <summary>A figure and between what bounds its true value plausibly lies.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
/// <param name="Confidence">How often such an interval holds the true value.</param>
public sealed record ConfidenceInterval(double Value, double Low, double High, double Confidence)
{
    /// <summary>For instance <c>0.412 [0.371, 0.455]</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:F3} [{Low:F3}, {High:F3}]");
}
