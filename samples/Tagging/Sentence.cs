namespace Tagging;

/// <summary>A sentence: its words, what their spelling says, and their tags.</summary>
internal sealed class Sentence
{
    public Sentence()
    {
    }

    public Sentence(string[] words, string[]? tags = null)
    {
        Words = [.. words.Select(w => w.ToLowerInvariant())];
        Suffixes = [.. Words.Select(w => w.Length > 3 ? w[^3..] : w)];
        Endings = [.. Words.Select(w => w.Length > 2 ? w[^2..] : w)];
        Prefixes = [.. Words.Select(w => w.Length > 3 ? w[..3] : w)];
        Shapes = [.. words.Select((w, i) => Shape(w, i == 0))];
        Tags = tags ?? [];
    }

    /// <summary>The words in lower case.</summary>
    public string[] Words { get; set; } = [];

    /// <summary>The last three letters of each.</summary>
    public string[] Suffixes { get; set; } = [];

    /// <summary>The last two letters of each.</summary>
    public string[] Endings { get; set; } = [];

    /// <summary>The first three letters of each.</summary>
    public string[] Prefixes { get; set; } = [];

    /// <summary>Capitals, digits and hyphens of each.</summary>
    public string[] Shapes { get; set; } = [];

    /// <summary>The part of speech of each.</summary>
    public string[] Tags { get; set; } = [];

    private static string Shape(string word, bool isFirst)
    {
        string letters = word.All(c => !char.IsLetter(c)) ? "none" : word.Skip(1).Any(char.IsUpper) ? "capitals" : char.IsUpper(word[0]) ? "capital" : "small";
        return $"{letters}{(word.Any(char.IsDigit) ? " digit" : "")}{(word.Contains('-', StringComparison.Ordinal) ? " hyphen" : "")}{(isFirst ? " first" : "")}";
    }
}
