using System.Globalization;

namespace MLNetDeep;

/// <summary>The check that losses, optimizers and schedules make of their settings.</summary>
internal static class SettingCheck
{
    /// <summary>Throws unless <paramref name="value"/> lies between <paramref name="min"/> and <paramref name="max"/>, both included.</summary>
    /// <exception cref="ArgumentException">It does not; kind, setting, value and range are named.</exception>
    public static void InRange(object owner, string setting, double value, double min, double max = float.MaxValue)
    {
        if (value >= min && value <= max)
            return;
        string expected = max < float.MaxValue ? Text($"{min:G7} to {max:G7}") : min == float.Epsilon ? "a number greater than 0" : Text($"at least {min:G7}");
        throw new ArgumentException(Text($"{owner.GetType().Name}: {setting} is {value:G7}, expected {expected}."));

        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
