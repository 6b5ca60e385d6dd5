namespace MLNetDeep.TimeSeries;

/// <summary>How each series is brought to a common size before the network sees it. Forecasts are brought back.</summary>
public enum SeriesScaling
{
    /// <summary>Less its mean, over its standard deviation.</summary>
    Standard,

    /// <summary>Over the mean of its absolute values.</summary>
    MeanAbsolute,

    /// <summary>Not at all.</summary>
    None,
}
