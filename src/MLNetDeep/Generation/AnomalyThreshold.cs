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

    /// <summary>An error that no more than the share of rows have more than: in the middle between two, as sums taken in another order differ in their last digits.</summary>
    /// <param name="errors">The training rows' errors; they are sorted.</param>
    /// <param name="contamination">The share.</param>
    public static float Of(List<float> errors, double contamination)
    {
        errors.Sort();
        int beyond = (int)(contamination * errors.Count);
        float last = errors[^(1 + beyond)], next = beyond > 0 ? errors[^beyond] : last * 1.0001f;
        return last + ((next - last) / 2);
    }
}
