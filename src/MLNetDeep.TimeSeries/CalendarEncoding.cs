namespace MLNetDeep.TimeSeries;

/// <summary>How a calendar feature becomes numbers.</summary>
public enum CalendarEncoding
{
    /// <summary>Sine and cosine of its place in the cycle: two numbers, and December lies beside January.</summary>
    Cyclic,

    /// <summary>A 1 at its place and 0 elsewhere: as many numbers as the cycle is long.</summary>
    OneHot,
}
