using MLNetDeep.Graphs;

namespace MLNetDeep.Losses;

/// <summary>What losses of classes do about classes that are rare: changes of the logits in training, by how many rows there are of each class.</summary>
internal static class ClassImbalance
{
    /// <summary>What is added to each class's logit: tau · ln(share of the class) (Menon et al. 2021).</summary>
    public static float[] Adjustments(float tau, IReadOnlyList<long> counts)
    {
        double sum = counts.Sum();
        return [.. counts.Select(c => (float)(tau * Math.Log(Math.Max(c, 0.5) / sum)))];
    }

    /// <summary>What is taken from the true class's logit: in proportion to 1 / n^(1/4), the rarest class's being <paramref name="most"/> (Cao et al. 2019).</summary>
    public static float[] Margins(float most, IReadOnlyList<long> counts)
    {
        double[] margins = [.. counts.Select(c => 1 / Math.Sqrt(Math.Sqrt(Math.Max(c, 1))))];
        return [.. margins.Select(m => (float)(most * m / margins.Max()))];
    }

    /// <exception cref="ArgumentException">There are no counts, or not one for each class.</exception>
    public static IReadOnlyList<long> Check(Loss loss, IReadOnlyList<long>? counts, int classes)
    {
        if (counts is null)
            throw new ArgumentException($"{loss.GetType().Name} has LogitAdjustment or Margin, which need to know how many rows there are of each class: set ClassCounts (trainers of classes do so by themselves).");
        if (counts.Count != classes || counts.Any(c => c < 0) || counts.All(c => c == 0))
            throw new ArgumentException($"{loss.GetType().Name}: ClassCounts is [{string.Join(", ", counts.Take(20))}], expected {classes} numbers of rows, one for each class.");
        return counts;
    }
}
