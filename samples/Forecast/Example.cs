using MLNetDeep.TimeSeries;

namespace Forecast;

/// <summary>A series and how it is looked at: what anybody who has seen a plot of its first half would choose.</summary>
/// <param name="Name">The file in the folder data.</param>
/// <param name="Title">What it is.</param>
/// <param name="Transform">A logarithm where ups and downs grow with the level.</param>
/// <param name="Season">Steps of a year.</param>
/// <param name="IsSeasonal">Whether years resemble one another, so that differences from the year before are easier than values.</param>
/// <param name="IsLong">Whether there are thousands of steps to learn from.</param>
/// <param name="Window">Steps of the past to look at.</param>
/// <param name="Horizon">Steps to forecast.</param>
/// <param name="Origins">Origins to forecast from.</param>
/// <param name="Stride">Steps from one to the next.</param>
internal sealed record Example(string Name, string Title, ValueTransform Transform, int Season, bool IsSeasonal, bool IsLong, int Window, int Horizon, int Origins, int Stride)
{
    public static IReadOnlyList<Example> All { get; } =
    [
        new("AirPassengers", "Airline passengers, thousands a month", ValueTransform.Log, 12, true, false, 12, 12, 8, 6),
        new("nottem", "Temperature at Nottingham Castle, °F, monthly mean", ValueTransform.None, 12, false, false, 24, 12, 10, 12),
        new("UKgas", "Gas consumption of the UK, million therms a quarter", ValueTransform.Log, 4, true, false, 8, 8, 10, 4),
        new("sunspot.month", "Sunspot number, monthly mean", ValueTransform.Log1p, 12, false, true, 48, 12, 40, 12),
    ];
}
