using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Sound;

/// <summary>The sounds of Hydrogen's drum kits: a folder for each kit, with a drumkit.xml that says which files an instrument has.</summary>
internal static class DrumKits
{
    // The first that fits the instrument's name counts, and if none does, the first that fits the file's. What fits none (sticks, claps, cowbells, tambourines, effects) is left out.
    private static readonly (string Label, Regex Name)[] Instruments =
    [
        ("kick", new(@"\b(kick|bass ?drum)", RegexOptions.IgnoreCase)),
        ("snare", new(@"\bsnare", RegexOptions.IgnoreCase)),
        ("hi-hat", new(@"\b(hi-?hat|hat|[co]?hh)\b", RegexOptions.IgnoreCase)),
        ("tom", new(@"\btom", RegexOptions.IgnoreCase)),
        ("cymbal", new(@"\b(crash|ride|china|splash|cymbal|paiste)", RegexOptions.IgnoreCase)),
    ];

    public static IReadOnlyList<string> Labels { get; } = [.. Instruments.Select(i => i.Label)];

    /// <summary>All hits whose instrument is known, in the order of kits and files.</summary>
    /// <exception cref="InvalidDataException">There are none.</exception>
    public static IReadOnlyList<Hit> Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
        Hit[] hits = [.. Directory.EnumerateFiles(folder, "drumkit.xml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(Kit)];
        return hits.Length > 0 ? hits : throw new InvalidDataException($"There are no drum kits with sounds in WAV or AIFF below '{folder}'; the README says how to get them.");
    }

    private static IEnumerable<Hit> Kit(string description)
    {
        string folder = Path.GetDirectoryName(description)!;
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (XElement instrument in Parse(description).Descendants().Where(e => e.Name.LocalName == "instrument"))
        {
            string name = instrument.Elements().FirstOrDefault(e => e.Name.LocalName == "name")?.Value ?? "";
            foreach (string file in instrument.Descendants().Where(e => e.Name.LocalName == "filename").Select(e => e.Value.Trim()))
            {
                if ((LabelOf(name) ?? LabelOf(file)) is { } label && Decoded(Path.Combine(folder, file)) is { } path)
                    files.TryAdd(path, label);
            }
        }

        return files.Select(f => new Hit { Path = f.Key, Kit = Path.GetFileName(folder), Label = f.Value });
    }

    private static XDocument Parse(string file)
    {
        try
        {
            return XDocument.Load(file);
        }
        catch (XmlException e)
        {
            throw new InvalidDataException($"'{file}' is damaged: {e.Message}", e);
        }
    }

    private static string? LabelOf(string name) => Instruments.FirstOrDefault(i => i.Name.IsMatch(name)).Label;

    // FLAC has been decoded beside the file; what has not is left out.
    private static string? Decoded(string file)
    {
        string path = file.EndsWith(".flac", StringComparison.OrdinalIgnoreCase) ? Path.ChangeExtension(file, ".wav") : file;
        return File.Exists(path) ? path : null;
    }
}
