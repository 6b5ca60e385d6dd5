using System.Text.Json;

namespace MLNetDeep.Graphs.Tests.Golden;

/// <summary>The values that PyTorch computed: see make_golden.py for what the files hold.</summary>
internal static class GoldenFile
{
    /// <summary>A tensor of a case.</summary>
    public sealed record Values(int[] Shape, float[] Data);

    /// <summary>One case.</summary>
    public sealed record Case(
        string Name,
        Dictionary<string, JsonElement> Attributes,
        Dictionary<string, Values> Inputs,
        Dictionary<string, Values> Outputs,
        Dictionary<string, Values> Gradients)
    {
        public float Number(string name, float otherwise = 0) =>
            Attributes.TryGetValue(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetSingle() : otherwise;

        public bool Flag(string name) => Attributes.TryGetValue(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

        public string Text(string name) => Attributes[name].GetString()!;
    }

    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    public static IReadOnlyDictionary<string, Case> Read(string file)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", file + ".json");
        using FileStream stream = File.OpenRead(path);
        return JsonSerializer.Deserialize<Case[]>(stream, Options)!.ToDictionary(c => c.Name);
    }

    /// <summary>Throws unless <paramref name="actual"/> equals what PyTorch computed, to 1e-5 relative to 1 + its size.</summary>
    public static void AssertClose(string what, Values expected, ReadOnlySpan<float> actual, float tolerance = 1e-5f)
    {
        Assert.True(expected.Data.Length == actual.Length, $"{what}: {actual.Length} values, expected {expected.Data.Length}.");
        for (int i = 0; i < actual.Length; i++)
        {
            float e = expected.Data[i];
            Assert.True(Math.Abs(actual[i] - e) <= tolerance * (1 + Math.Abs(e)), $"{what}[{i}] is {actual[i]}, PyTorch computed {e}.");
        }
    }
}
