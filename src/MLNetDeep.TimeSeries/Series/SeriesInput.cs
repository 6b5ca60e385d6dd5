namespace MLNetDeep.TimeSeries.Series;

/// <summary>What an input of a network is fed with, told by its name.</summary>
internal enum SeriesInput
{
    /// <summary>Any other name: (window, 1 + covariates), the value and all that is known of each step.</summary>
    Past,

    /// <summary><c>values</c>: (window, 1).</summary>
    Values,

    /// <summary><c>covariates</c>: (window, covariates).</summary>
    Covariates,

    /// <summary><c>future</c>: (horizon, covariates known in advance).</summary>
    Future,
}
