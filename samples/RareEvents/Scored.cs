namespace RareEvents;

/// <summary>What is asked of a scored row.</summary>
internal sealed class Scored
{
    public bool Label { get; set; }

    public float Score { get; set; }
}
