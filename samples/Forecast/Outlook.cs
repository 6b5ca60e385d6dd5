namespace Forecast;

/// <summary>What an engine predicts: the steps after the last observation.</summary>
public sealed class Outlook
{
    public float[] Forecast { get; set; } = [];

    public float[] Low { get; set; } = [];

    public float[] High { get; set; } = [];
}
