namespace Definitions;

/// <summary>A dictionary's definition of a noun.</summary>
internal sealed class Definition
{
    /// <summary>What the dictionary says.</summary>
    public string Text { get; set; } = "";

    /// <summary>The kind of thing.</summary>
    public string Category { get; set; } = "";
}
