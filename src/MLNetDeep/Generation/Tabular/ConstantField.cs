using System.Text.Json;

namespace MLNetDeep.Generation.Tabular;

/// <summary>A slot that is the same, or missing, in all training rows.</summary>
internal sealed class ConstantField(string name, double value) : TableField(name)
{
    public override int Choices => 1;

    // Another value than ever seen is no reason to score a row differently: nothing was learned about it.
    public override (int Choice, float Number) Encode(double cell, double? at) => (0, 0);

    public override double Decode(int choice, double number) => value;

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kind", "constant");
        json.WritePropertyName("value");
        WriteCell(json, value);
        json.WriteEndObject();
    }
}
