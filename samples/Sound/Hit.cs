namespace Sound;

/// <summary>A drum that is hit once.</summary>
public sealed class Hit
{
    /// <summary>The sound file.</summary>
    public string Path { get; set; } = "";

    /// <summary>The drum kit that it belongs to, recorded by the same people in the same room.</summary>
    public string Kit { get; set; } = "";

    /// <summary>What is hit.</summary>
    public string Label { get; set; } = "";
}
