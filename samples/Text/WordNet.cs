using System.Globalization;

namespace Definitions;

/// <summary>The nouns of WordNet.</summary>
internal static class WordNet
{
    // Names of the lexicographer files 3 to 28 (the manual page lexnames(5WN)).
    private static readonly string[] Categories =
    [
        "top", "act", "animal", "artifact", "attribute", "body", "cognition", "communication", "event", "feeling", "food", "group", "location",
        "motive", "object", "person", "phenomenon", "plant", "possession", "process", "quantity", "relation", "shape", "state", "substance", "time",
    ];

    /// <summary>The definitions in the file data.noun of a folder, or of one below it.</summary>
    public static List<Definition> Read(string folder)
    {
        EnumerationOptions options = new() { RecurseSubdirectories = true, MaxRecursionDepth = 8, IgnoreInaccessible = true };
        string file = Directory.Exists(folder) && Directory.EnumerateFiles(folder, "data.noun", options).FirstOrDefault() is { } found
            ? found
            : throw new FileNotFoundException($"There is no data.noun in '{folder}' or below. The README says how to get it.");

        // The licence comes first, its lines indented. A line: offset, file number, kind of word, words and links, then | and the definition with examples.
        List<Definition> definitions = [];
        foreach (string line in File.ReadLines(file).Where(l => !l.StartsWith("  ", StringComparison.Ordinal)))
        {
            int bar = line.IndexOf('|', StringComparison.Ordinal);
            if (bar < 0 || !int.TryParse(line.AsSpan(9, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 3 or > 28)
                throw new InvalidDataException($"'{file}' has a line that is no noun: {line}");
            definitions.Add(new() { Text = line[(bar + 1)..].Trim(), Category = Categories[number - 3] });
        }

        return definitions;
    }
}
