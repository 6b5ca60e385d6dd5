namespace MLNetDeep.TimeSeries;

/// <summary>What stands in for steps without a value: NaN, or no row for a date.</summary>
public enum MissingSteps
{
    /// <summary>The line between the values around them; the last value where there is no later one yet.</summary>
    Interpolate,

    /// <summary>The last value before them.</summary>
    ForwardFill,

    /// <summary>They are an error, which names series and step.</summary>
    Error,
}
