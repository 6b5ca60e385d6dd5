using System.Text.RegularExpressions;

namespace Pronunciation;

/// <summary>The CMU pronouncing dictionary as the npm package has it: a word a line, <c>"abbey": "AE1 B IY0",</c>, and further ways to speak it as <c>"abbey(2)"</c>.</summary>
internal static partial class CmuDictionary
{
    /// <summary>The words in index.js of a folder, or of one below it, each with all ways to speak it. Left out are words with other characters than letters, apostrophes and hyphens.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="withStress">Whether vowels keep the number that says how they are stressed: 1, 2 or 0. Without, ways that differ by it only are one.</param>
    public static List<(string Spelling, List<string[]> Spoken)> Read(string folder, bool withStress)
    {
        EnumerationOptions options = new() { RecurseSubdirectories = true, MaxRecursionDepth = 4, IgnoreInaccessible = true };
        string file = Directory.Exists(folder) && Directory.EnumerateFiles(folder, "index.js", options).Order(StringComparer.Ordinal).FirstOrDefault() is { } found
            ? found
            : throw new FileNotFoundException($"There is no index.js in '{folder}' or below. The README says how to get it.");
        SortedDictionary<string, List<string[]>> words = new(StringComparer.Ordinal);
        foreach (Match match in File.ReadLines(file).Select(l => Entry().Match(l)).Where(m => m.Success))
        {
            string spelling = match.Groups[1].Value;
            string[] sounds = [.. match.Groups[2].Value.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => withStress ? s : s.TrimEnd('0', '1', '2'))];
            if (!words.TryGetValue(spelling, out List<string[]>? spoken))
                words.Add(spelling, spoken = []);
            if (sounds.Length > 0 && !spoken.Any(s => s.SequenceEqual(sounds)))
                spoken.Add(sounds);
        }

        return words.Count > 0 ? [.. words.Select(w => (w.Key, w.Value)).Where(w => w.Value.Count > 0)] : throw new InvalidDataException($"'{file}' has no words.");
    }

    [GeneratedRegex(@"^\s*""?([a-z][a-z'-]*)(?:\(\d+\))?""?: ""([^""]+)""")]
    private static partial Regex Entry();
}
