using System.Text.Json;

namespace MLNetDeep.Generation.Tabular;

/// <summary>
/// How one slot of a table becomes what networks learn: a choice among <see cref="Choices"/>, and with <see cref="HasNumber"/> a number from -1 to 1 beside it.
/// </summary>
internal abstract class TableField
{
    private protected TableField(string name) => Name = name;

    /// <summary>What it is called in messages and conditions.</summary>
    public string Name { get; }

    /// <summary>Number of choices: modes or categories; 1 where there is nothing to choose.</summary>
    public abstract int Choices { get; }

    /// <summary>Whether a number goes with the choice.</summary>
    public virtual bool HasNumber => false;

    /// <summary>Rows of each category in training; null for a field that rows cannot be asked for by.</summary>
    public virtual IReadOnlyList<long>? Counts => null;

    /// <summary>The choice that a cell is, and the number.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="at">0 to 1, which draws a mode by its probability; null for the most probable one.</param>
    /// <returns>The choice is -1 for a category that training had not.</returns>
    public abstract (int Choice, float Number) Encode(double cell, double? at);

    /// <summary>The cell of a choice and a number.</summary>
    public abstract double Decode(int choice, double number);

    /// <summary>Writes the field for a model file.</summary>
    public abstract void Write(Utf8JsonWriter json);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not that.</exception>
    public static TableField Read(JsonElement json, string name) => json.GetProperty("kind").GetString() switch
    {
        "constant" => new ConstantField(name, Cell(json.GetProperty("value"))),
        "categories" => CategoryField.OfJson(json, name),
        "numbers" => NumberField.OfJson(json, name),
        var kind => throw new InvalidDataException($"the field '{name}' has the unknown kind '{kind}'."),
    };

    // NaN, which JSON has not, is null.
    private protected static double Cell(JsonElement json) => json.ValueKind == JsonValueKind.Null ? double.NaN : json.GetDouble();

    private protected static void WriteCell(Utf8JsonWriter json, double cell)
    {
        if (double.IsNaN(cell))
            json.WriteNullValue();
        else
            json.WriteNumberValue(cell);
    }
}
