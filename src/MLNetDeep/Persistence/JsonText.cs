using System.Text;
using System.Text.Json;

namespace MLNetDeep.Persistence;

/// <summary>JSON for model files.</summary>
internal static class JsonText
{
    /// <summary>An object with what <paramref name="properties"/> writes.</summary>
    public static string Object(Action<Utf8JsonWriter> properties)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            properties(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
