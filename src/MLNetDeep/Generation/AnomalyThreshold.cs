using System.Globalization;

namespace MLNetDeep.Generation;

/// <summary>Where ordinary rows end: an error that but a small share of the training rows exceed.</summary>
internal static class AnomalyThreshold
{
    public static void Check(double contamination)
    {
        if (contamination is not (>= 0 and < 0.5))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Contamination is {contamination}, expected at least 0 and less than 0.5."));
    }

    /// <summary>The least of the errors that no more than the share of rows have more than.</summary>
    /// <param name="errors">The training rows' errors; they are sorted.</param>
    /// <param name="contamination">The share.</param>
    public static float Of(List<float> errors, double contamination)
    {
        errors.Sort();
        return errors[^(1 + (int)(contamination * errors.Count))];
    }
}
