namespace MLNetDeep.TimeSeries;

/// <summary>What the network gives for each step of the horizon.</summary>
public enum ForecastLikelihood
{
    /// <summary>The median and the two quantiles of the confidence level, by the pinball loss. The forecast is the median.</summary>
    Quantile,

    /// <summary>Mean and standard deviation of a normal distribution, by its likelihood. The forecast is the mean. In training the deviation is at least a hundredth of the scale that the series is brought to.</summary>
    Gaussian,

    /// <summary>One number; how far off it is comes from origins that were held out.</summary>
    Point,
}
