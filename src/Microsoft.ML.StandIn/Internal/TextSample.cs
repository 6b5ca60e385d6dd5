using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What the first lines of a source tell.</summary>
internal sealed class TextSample
{
    private const int SampleRows = 1000;

    /// <summary>The names in the header; none without one.</summary>
    public required string[] Header { get; init; }

    /// <summary>The number of fields of the first lines, or null where they differ or there are none.</summary>
    public required int? FieldCount { get; init; }

    public static TextSample Of(TextLoader.Options options, IMultiStreamSource? source)
    {
        if (source is null || source.Count == 0)
            return new TextSample { Header = [], FieldCount = null };
        using var lines = new TextLines(options, source);
        var counts = new HashSet<int>();
        string? header = null;
        for (var row = 0; row < SampleRows && lines.MoveNext(); row++)
        {
            header ??= lines.Header;
            counts.Add(lines.Line.Count);
        }
        return new TextSample
        {
            Header = Names(options, header ?? lines.Header),
            FieldCount = counts.Count == 1 ? counts.Single() : null,
        };
    }

    /// <summary>The first field as Label and the others as Features.</summary>
    public TextLoader.Column[] DefaultColumns()
    {
        var count = KnownFieldCount();
        return count < 2
            ? [new("Label", DataKind.Single, 0)]
            : [new("Label", DataKind.Single, 0), new("Features", DataKind.Single, [new TextLoader.Range(1, count - 1) { ForceVector = true }])];
    }

    public int KnownFieldCount()
        => FieldCount ?? throw new ArgumentOutOfRangeException("Source", "The size of input lines is not consistent");

    private static string[] Names(TextLoader.Options options, string? header)
    {
        if (header is null)
            return [];
        var line = new TextLine(options);
        line.Parse(header);
        return [.. Enumerable.Range(0, line.Count).Select(i => line[i].ToString().Trim())];
    }
}
