namespace MLNetDeep.TimeSeries.Tests.Support;

/// <summary>What engines predict.</summary>
public class Outlook
{
    public float[] Forecast { get; set; } = [];

    public float[] Low { get; set; } = [];

    public float[] High { get; set; } = [];
}
