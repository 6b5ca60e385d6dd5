using System.Text;

namespace Tagging;

/// <summary>The Brown corpus in its form C: words with tags, <c>The/at jury/nn</c>, a sentence a line.</summary>
internal static class Brown
{
    /// <summary>The sentences of the corpus's files in a folder, or one below it, in order.</summary>
    public static List<Sentence> Read(string folder)
    {
        EnumerationOptions options = new() { RecurseSubdirectories = true, MaxRecursionDepth = 4, IgnoreInaccessible = true };
        string[] files = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "c???", options).Where(f => IsText(Path.GetFileName(f))).Order(StringComparer.Ordinal)]
            : [];
        if (files.Length == 0)
            throw new FileNotFoundException($"There are no files ca01 to cr09 in '{folder}' or below. The README says how to get them.");
        return [.. files.SelectMany(f => File.ReadLines(f, Encoding.Latin1)).Select(Parse).Where(s => s.Words.Length > 0)];
    }

    private static bool IsText(string name) => name[0] == 'c' && char.IsAsciiLetterLower(name[1]) && char.IsAsciiDigit(name[2]) && char.IsAsciiDigit(name[3]);

    private static Sentence Parse(string line)
    {
        (string Word, string Tag)[] words = [.. line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(token =>
        {
            // A slash may be in the word, none is in the tag.
            int slash = token.LastIndexOf('/');
            return slash > 0 ? (token[..slash], token[(slash + 1)..]) : throw new InvalidDataException($"'{token}' is no word with a tag.");
        })];
        return new([.. words.Select(w => w.Word)], [.. words.Select(w => w.Tag)]);
    }
}
