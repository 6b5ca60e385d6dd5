using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MLNetDeep.Evaluation.Reports;

namespace MLNetDeep.Evaluation;

/// <summary>What is in data, before anything is trained on it, and what to beware of.</summary>
public sealed class DataProfile
{
    internal DataProfile(long rows, long duplicates, long conflicts, string? labelColumn, long withoutLabel, IReadOnlyList<KeyValuePair<string, long>> classes, IReadOnlyList<ColumnProfile> columns, IReadOnlyList<string> advice)
    {
        Rows = rows;
        Duplicates = duplicates;
        ConflictingDuplicates = conflicts;
        LabelColumn = labelColumn;
        RowsWithoutLabel = withoutLabel;
        Classes = classes;
        Columns = columns;
        Advice = advice;
    }

    /// <summary>Rows looked at.</summary>
    public long Rows { get; }

    /// <summary>Rows that say the same, label included, as one before them.</summary>
    public long Duplicates { get; }

    /// <summary>Rows that say the same as one before them but for the label.</summary>
    public long ConflictingDuplicates { get; }

    /// <summary>The label; null if there is none.</summary>
    public string? LabelColumn { get; }

    /// <summary>Rows whose label is missing.</summary>
    public long RowsWithoutLabel { get; }

    /// <summary>The classes and their rows, the most frequent first; empty where the label is no class.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Classes { get; }

    /// <summary>How many rows of the most frequent class there are for one of the rarest; null where the label is no class.</summary>
    public double? ImbalanceRatio => Classes.Count < 2 ? null : (double)Classes[0].Value / Classes[^1].Value;

    /// <summary>The columns and slots.</summary>
    public IReadOnlyList<ColumnProfile> Columns { get; }

    /// <summary>What to beware of, and what to do about it.</summary>
    public IReadOnlyList<string> Advice { get; }

    /// <summary>The profile as JSON.</summary>
    public string ToJson() => ToJsonObject().ToJsonString(Json.Indented);

    /// <summary>The profile as text.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Rows} rows, {Duplicates} duplicates, {ConflictingDuplicates} of them but for the label\n");
        foreach ((string name, long count) in Classes)
            text.Append(CultureInfo.InvariantCulture, $"{LabelColumn} = {name}: {count} ({(double)count / Math.Max(1, Rows):P2})\n");
        foreach (string line in Advice)
            text.Append(CultureInfo.InvariantCulture, $"- {line}\n");
        int width = Math.Clamp(Columns.Count == 0 ? 6 : Columns.Max(c => c.Name.Length), 6, 40);
        text.Append(CultureInfo.InvariantCulture, $"{"Column".PadRight(width)} {"missing",8} {"distinct",9} {"mean",10} {"std",10} {"min",10} {"max",10} {"AUC",6} {"info",6}\n");
        foreach (ColumnProfile c in Columns)
            text.Append(CultureInfo.InvariantCulture, $"{c.Name.PadRight(width)} {c.Missing,8} {c.Distinct,9} {c.Mean,10:G4} {c.StandardDeviation,10:G4} {c.Min,10:G4} {c.Max,10:G4} {c.LabelAuc,6:F3} {c.LabelInformation,6:F3}\n");
        return text.ToString();
    }

    /// <inheritdoc cref="ToText"/>
    public override string ToString() => ToText();

    internal JsonObject ToJsonObject() => new()
    {
        ["rows"] = Rows,
        ["duplicates"] = Duplicates,
        ["conflictingDuplicates"] = ConflictingDuplicates,
        ["label"] = LabelColumn,
        ["rowsWithoutLabel"] = RowsWithoutLabel,
        ["imbalanceRatio"] = Json.Number(ImbalanceRatio),
        ["classes"] = new JsonArray([.. Classes.Select(c => new JsonObject { ["name"] = c.Key, ["rows"] = c.Value })]),
        ["advice"] = new JsonArray([.. Advice.Select(a => (JsonNode)a)]),
        ["columns"] = new JsonArray([.. Columns.Select(c => new JsonObject
        {
            ["name"] = c.Name, ["type"] = c.Type, ["missing"] = c.Missing, ["distinct"] = c.Distinct, ["mean"] = Json.Number(c.Mean), ["standardDeviation"] = Json.Number(c.StandardDeviation),
            ["min"] = Json.Number(c.Min), ["max"] = Json.Number(c.Max), ["labelAuc"] = Json.Number(c.LabelAuc), ["labelInformation"] = Json.Number(c.LabelInformation),
        })]),
    };
}
