namespace MLNetDeep.TimeSeries;

/// <summary>What a date says about a step, as inputs of a network.</summary>
[Flags]
public enum CalendarFeatures
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>By the step: months get <see cref="Month"/>, quarters <see cref="Quarter"/>, weeks <see cref="Month"/>, days <see cref="DayOfWeek"/> and <see cref="Month"/>, shorter steps <see cref="HourOfDay"/> and <see cref="DayOfWeek"/>; years nothing.</summary>
    Auto = 1,

    /// <summary>Month of the year, 12.</summary>
    Month = 2,

    /// <summary>Quarter of the year, 4.</summary>
    Quarter = 4,

    /// <summary>Day of the week, 7.</summary>
    DayOfWeek = 8,

    /// <summary>Hour of the day, 24.</summary>
    HourOfDay = 16,
}
