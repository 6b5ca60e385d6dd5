namespace MLNetDeep.TimeSeries.Series;

/// <summary>How rows become steps of series, and steps the inputs of a network: what a model keeps of its trainer's options.</summary>
internal sealed record SeriesSettings
{
    public required string InputColumn { get; init; }

    public string? KeyColumn { get; init; }

    public string? TimeColumn { get; init; }

    public IReadOnlyList<string> PastCovariates { get; init; } = [];

    public IReadOnlyList<string> FutureCovariates { get; init; } = [];

    public required int Window { get; init; }

    public required int Horizon { get; init; }

    public TimeStep? Step { get; init; }

    /// <summary>Never <see cref="CalendarFeatures.Auto"/>: that has been resolved.</summary>
    public CalendarFeatures Calendar { get; init; }

    public CalendarEncoding Encoding { get; init; }

    public ValueTransform Transform { get; init; }

    public SeriesScaling Scaling { get; init; }

    public bool Difference { get; init; }

    public int Season { get; init; }

    public MissingSteps Missing { get; init; }

    /// <summary>Most missing steps in a row.</summary>
    public int LongestGap { get; init; }

    /// <summary>Steps before the window that differencing needs.</summary>
    public int Lags => (Difference ? 1 : 0) + Season;

    /// <summary>Steps of the past that a forecast needs.</summary>
    public int Needed => Window + Lags;

    public bool IsDifferenced => Lags > 0;

    /// <summary>Whether covariates of the horizon come from rows, so that a forecast needs rows after its origin.</summary>
    public bool NeedsFutureRows => FutureCovariates.Count > 0;

    public CalendarEncoder CalendarEncoder => new(Calendar, Encoding);

    /// <summary>Channels of a step of the past beside the value.</summary>
    public int PastChannels => PastCovariates.Count + FutureChannels;

    /// <summary>Channels of a step of the horizon.</summary>
    public int FutureChannels => FutureCovariates.Count + CalendarEncoder.Width;

    public string Describe(string key) => KeyColumn is null ? "The series" : $"Series '{key}'";
}
