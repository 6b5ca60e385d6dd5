namespace MLNetDeep.Signals.Tests.Support;

/// <summary>A row with a signal, or the path of one.</summary>
internal sealed class SignalRow
{
    public float[] Signal { get; set; } = [];

    public string Path { get; set; } = "";

    public string Label { get; set; } = "";
}
