namespace Pronunciation;

/// <summary>A word: its letters and its sounds.</summary>
internal sealed class Word
{
    public Word()
    {
    }

    public Word(string spelling, string[]? sounds = null)
    {
        Letters = [.. spelling.Select(c => c.ToString())];
        Sounds = sounds ?? [];
    }

    public string[] Letters { get; set; } = [];

    public string[] Sounds { get; set; } = [];
}
