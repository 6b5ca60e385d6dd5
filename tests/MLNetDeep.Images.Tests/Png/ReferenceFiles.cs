using System.Text.Json;

namespace MLNetDeep.Images.Tests.Png;

/// <summary>The files that make_reference.py made, with the pixels that they show.</summary>
internal static class ReferenceFiles
{
    public static IReadOnlyList<ReferenceFile> All { get; } = JsonSerializer.Deserialize<ReferenceFile[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Png", "reference.json")),
        new JsonSerializerOptions(JsonSerializerDefaults.Web))!;

    internal sealed record ReferenceFile(string Name, int Width, int Height, byte[] Png, byte[] Rgba);
}
