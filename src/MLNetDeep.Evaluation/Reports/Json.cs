using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetDeep.Evaluation.Reports;

/// <summary>Numbers as JSON has them: those that are none become null.</summary>
internal static class Json
{
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    public static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    public static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(v => Number(v))]);
}
