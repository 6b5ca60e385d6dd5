namespace MLNetDeep.TimeSeries;

/// <summary>What is done to values before differencing and scaling. Forecasts are brought back.</summary>
public enum ValueTransform
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The natural logarithm, for values above 0 whose ups and downs grow with them.</summary>
    Log,

    /// <summary>ln(1 + x), for values of at least 0, such as counts.</summary>
    Log1p,
}
