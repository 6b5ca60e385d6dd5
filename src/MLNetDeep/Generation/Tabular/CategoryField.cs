using System.Text.Json;

namespace MLNetDeep.Generation.Tabular;

/// <summary>A slot of categories: each of the different cells is one.</summary>
internal sealed class CategoryField : TableField
{
    private readonly double[] _cells;
    private readonly long[] _counts;
    private readonly Dictionary<double, int> _places = [];

    /// <param name="name">The field's name.</param>
    /// <param name="cells">The categories' cells, at least two.</param>
    /// <param name="counts">Training rows of each.</param>
    public CategoryField(string name, double[] cells, long[] counts)
        : base(name)
    {
        (_cells, _counts) = (cells, counts);
        for (int i = 0; i < cells.Length; i++)
            _places.Add(cells[i], i);
    }

    public override int Choices => _cells.Length;

    public override IReadOnlyList<long> Counts => _counts;

    public IReadOnlyList<double> Cells => _cells;

    public override (int Choice, float Number) Encode(double cell, double? at) => (_places.GetValueOrDefault(cell, -1), 0);

    public override double Decode(int choice, double number) => _cells[choice];

    public static CategoryField OfJson(JsonElement json, string name)
    {
        double[] cells = [.. json.GetProperty("cells").EnumerateArray().Select(Cell)];
        long[] counts = [.. json.GetProperty("counts").EnumerateArray().Select(c => c.GetInt64())];
        if (cells.Length < 2 || counts.Length != cells.Length || counts.Any(c => c < 1))
            throw new InvalidDataException($"the field '{name}' has {cells.Length} categories and {counts.Length} counts.");
        return new(name, cells, counts);
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kind", "categories");
        json.WriteStartArray("cells");
        foreach (double cell in _cells)
            WriteCell(json, cell);
        json.WriteEndArray();
        json.WriteStartArray("counts");
        foreach (long count in _counts)
            json.WriteNumberValue(count);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
