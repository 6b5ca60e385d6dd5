using System.Globalization;

namespace MLNetDeep.Evaluation.Samples;

/// <summary>Checks of what is read, with messages that name column and row.</summary>
internal static class Checks
{
    public static double Number(double value, string column, string role, int row, bool allowInfinity = false) =>
        double.IsNaN(value) || (!allowInfinity && double.IsInfinity(value))
            ? throw new InvalidOperationException($"The {role} column '{column}' is {value.ToString(CultureInfo.InvariantCulture)} in data row {row + 1}. A model that gives no numbers cannot be judged: look for missing values in its features, or for a training that diverged.")
            : value;

    public static double Probability(double value, string column, int row) => value is >= 0 and <= 1
        ? value
        : throw new InvalidOperationException($"The probability column '{column}' is {value.ToString(CultureInfo.InvariantCulture)} in data row {row + 1}; expected 0 to 1.");

    public static double Weight(double value, string column, int row) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new InvalidOperationException($"The weight column '{column}' is {value.ToString(CultureInfo.InvariantCulture)} in data row {row + 1}; expected at least 0.");

    public static void NotEmpty(int count, string label)
    {
        if (count == 0)
            throw new ArgumentException($"The data has no rows whose label '{label}' is given; there is nothing to evaluate.");
    }
}
