namespace MLNetDeep.TimeSeries.Tests.Support;

/// <summary>A row of a series.</summary>
public class Reading
{
    public string Place { get; set; } = "";

    public DateTime Time { get; set; }

    public float Value { get; set; }

    /// <summary>Known up to the present.</summary>
    public float Wind { get; set; }

    /// <summary>Known in advance.</summary>
    public float Price { get; set; }
}
