using System.Text.Json;

namespace MLNetDeep.Generation.Tabular;

/// <summary>What numbers are rounded to: so many decimals, or multiples of a unit (ticks of a second, of a day); neither for not at all.</summary>
internal readonly record struct Rounding(int? Decimals, double? Unit)
{
    private const int MostDecimals = 10;

    private static readonly long[] TimeUnits =
        [TimeSpan.TicksPerDay, TimeSpan.TicksPerHour, TimeSpan.TicksPerMinute, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMicrosecond];

    /// <summary>The coarsest that leaves all cells as they are.</summary>
    /// <param name="cells">The cells; missing ones do not count.</param>
    /// <param name="codec">What they are.</param>
    public static Rounding Of(ReadOnlySpan<double> cells, CellCodec codec)
    {
        if (codec.IsWhole)
            return new(0, null);
        if (codec.IsTime)
        {
            foreach (long unit in TimeUnits)
            {
                if (All(cells, c => c % unit == 0))
                    return new(null, unit);
            }

            return new(0, null);
        }

        bool single = codec.ItemType.RawType == typeof(float);
        int decimals = 0;
        foreach (double cell in cells)
        {
            if (double.IsNaN(cell))
                continue;
            while (single ? (float)Math.Round(cell, decimals) != (float)cell : Math.Round(cell, decimals) != cell)
            {
                if (++decimals > MostDecimals)
                    return default;
            }
        }

        return new(decimals, null);
    }

    public double Apply(double value) => Decimals is { } decimals ? Math.Round(value, decimals) : Unit is { } unit ? Math.Round(value / unit) * unit : value;

    public static Rounding Read(JsonElement json, string name)
    {
        Rounding rounding = new(
            json.TryGetProperty("decimals", out JsonElement decimals) ? decimals.GetInt32() : null,
            json.TryGetProperty("unit", out JsonElement unit) ? unit.GetDouble() : null);
        return rounding.Decimals is null or (>= 0 and <= MostDecimals) && rounding.Unit is null or > 0
            ? rounding
            : throw new InvalidDataException($"the field '{name}' is rounded to what cannot be.");
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (Decimals is { } decimals)
            json.WriteNumber("decimals", decimals);
        if (Unit is { } unit)
            json.WriteNumber("unit", unit);
        json.WriteEndObject();
    }

    private static bool All(ReadOnlySpan<double> cells, Func<double, bool> holds)
    {
        foreach (double cell in cells)
        {
            if (!double.IsNaN(cell) && !holds(cell))
                return false;
        }

        return true;
    }
}
