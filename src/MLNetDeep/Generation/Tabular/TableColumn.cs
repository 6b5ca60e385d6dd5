using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;

namespace MLNetDeep.Generation.Tabular;

/// <summary>A column of a table: its type and annotations, and how its values become cells.</summary>
internal sealed class TableColumn
{
    private const string KeyValues = "KeyValues", SlotNames = "SlotNames";

    private readonly KeyNames? _keyValues, _slotNames;

    private TableColumn(string name, DataViewType type, TextList? texts, KeyNames? keyValues, KeyNames? slotNames)
    {
        (Name, Type, Texts, _keyValues, _slotNames) = (name, type, texts, keyValues, slotNames);
        DataViewType item = type is VectorDataViewType vector ? vector.ItemType : type;
        Codec = CellCodec.Of(item)!;
        Size = type is VectorDataViewType { Size: var size } ? size : 1;
    }

    public string Name { get; }

    public DataViewType Type { get; }

    /// <summary>Its different texts; null where it has none.</summary>
    public TextList? Texts { get; }

    public CellCodec Codec { get; }

    /// <summary>Number of slots; 1 for a single value.</summary>
    public int Size { get; }

    /// <summary>The columns of a schema that are asked for; null for all.</summary>
    /// <exception cref="ArgumentException">There is no such column, one is named twice, or its type cannot be made; the message says what would do.</exception>
    public static TableColumn[] Find(DataViewSchema schema, IReadOnlyList<string>? names, int mostTexts = int.MaxValue)
    {
        DataViewSchema.Column[] columns = names is null ? [.. schema.Where(c => !c.IsHidden)] : [.. names.Select(n => ColumnRef.Find(schema, n, "table's"))];
        if (columns.Length == 0)
            throw new ArgumentException("There are no columns to learn from.");
        if (names?.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The column '{twice.Key}' is named twice.");
        return [.. columns.Select(c => Of(c, mostTexts))];
    }

    /// <summary>Checks what is known of the columns before there is data.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Find"/>.</exception>
    public static void Check(SchemaShape schema, IReadOnlyList<string>? names)
    {
        foreach (SchemaShape.Column column in names is null ? schema : names.Select(n => ColumnRef.Find(schema, n, "table's")))
        {
            if (column.Kind == SchemaShape.Column.VectorKind.VariableVector || (!column.IsKey && CellCodec.Of(column.ItemType) is null))
                throw WrongType(column.Name, column.Kind == SchemaShape.Column.VectorKind.Scalar ? column.ItemType.ToString()! : $"{column.Kind} of {column.ItemType}");
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not that.</exception>
    public static TableColumn Read(JsonElement json)
    {
        string name = json.GetProperty("name").GetString() ?? "", item = json.GetProperty("item").GetString() ?? "";
        DataViewType type = json.TryGetProperty("keys", out JsonElement keys)
            ? new KeyDataViewType(
                json.GetProperty("keyBytes").GetInt32() switch
                {
                    1 => typeof(byte),
                    2 => typeof(ushort),
                    4 => typeof(uint),
                    8 => typeof(ulong),
                    var bytes => throw new InvalidDataException($"the keys of the column '{name}' have {bytes} bytes."),
                },
                keys.GetUInt64())
            : CellCodec.TypeOf(item) ?? throw new InvalidDataException($"the column '{name}' has the unknown type '{item}'.");
        if (json.TryGetProperty("dimensions", out JsonElement dimensions))
        {
            int[] sizes = [.. dimensions.EnumerateArray().Select(d => d.GetInt32())];
            if (sizes.Length == 0 || sizes.Any(s => s < 1) || sizes.Aggregate(1L, (a, b) => Math.Min(a * b, int.MaxValue)) > 1 << 24)
                throw new InvalidDataException($"the column '{name}' has the dimensions {string.Join(", ", sizes)}.");
            type = new VectorDataViewType((PrimitiveDataViewType)type, sizes);
        }

        TextList? texts = null;
        if (json.TryGetProperty("texts", out JsonElement known))
        {
            texts = new();
            foreach (JsonElement text in known.EnumerateArray())
                texts.IndexOf(text.GetString() ?? "");
            texts.Grows = false;
        }

        TableColumn column = new(
            name,
            type,
            texts,
            json.TryGetProperty("keyValues", out JsonElement values) ? KeyNames.Read(values) : null,
            json.TryGetProperty("slotNames", out JsonElement slots) ? KeyNames.Read(slots) : null);
        return (texts is not null) == (column.Codec.ItemType is TextDataViewType) && (column._slotNames is null || column._slotNames.Count == column.Size)
            ? column
            : throw new InvalidDataException($"the texts or slot names of the column '{name}' do not fit its type.");
    }

    /// <summary>Writes the column for a model file.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        if (Codec.ItemType is KeyDataViewType key)
        {
            json.WriteNumber("keys", key.Count);
            json.WriteNumber("keyBytes", key.RawType == typeof(byte) ? 1 : key.RawType == typeof(ushort) ? 2 : key.RawType == typeof(uint) ? 4 : 8);
        }

        json.WriteString("item", Codec.ItemType is KeyDataViewType ? "Key" : Codec.ItemType.ToString());
        if (Type is VectorDataViewType vector)
        {
            json.WriteStartArray("dimensions");
            foreach (int size in vector.Dimensions)
                json.WriteNumberValue(size);
            json.WriteEndArray();
        }

        if (Texts is not null)
        {
            json.WriteStartArray("texts");
            foreach (string text in Texts.Texts)
                json.WriteStringValue(text);
            json.WriteEndArray();
        }

        foreach ((string name, KeyNames? names) in ((string, KeyNames?)[])[("keyValues", _keyValues), ("slotNames", _slotNames)])
        {
            if (names is null)
                continue;
            json.WritePropertyName(name);
            names.Write(json);
        }

        json.WriteEndObject();
    }

    /// <summary>Adds the column, as the training data had it, to a schema.</summary>
    public void AddTo(DataViewSchema.Builder builder)
    {
        DataViewSchema.Annotations.Builder annotations = new();
        _keyValues?.AddTo(annotations, KeyValues);
        _slotNames?.AddTo(annotations, SlotNames);
        builder.AddColumn(Name, Type, annotations.ToAnnotations());
    }

    /// <summary>The column of a schema that has it.</summary>
    /// <exception cref="ArgumentException">There is none, or it has another type.</exception>
    public DataViewSchema.Column In(DataViewSchema schema)
    {
        DataViewSchema.Column column = ColumnRef.Find(schema, Name, "table's");
        return SameType(column.Type) ? column : throw new ArgumentException($"The column '{Name}' has type {column.Type}; the model was trained on {Type}.");
    }

    /// <summary>What a slot is called: the column's name, or with the slot's name or number.</summary>
    public string SlotName(int slot) => Type is not VectorDataViewType ? Name
        : _slotNames is { } names && names.Names[slot].Length > 0 ? $"{Name}[{names.Names[slot]}]" : $"{Name}[{slot}]";

    /// <summary>Whether a cell stands for a missing value: a number that is NaN, a missing key, an empty text.</summary>
    public bool IsMissing(double cell) => double.IsNaN(cell) || (Codec.ItemType is KeyDataViewType && cell == 0) || (Texts is not null && Texts.Texts[(int)cell].Length == 0);

    /// <summary>What a cell stands for, as text: a key's value, a text, a number.</summary>
    public string Describe(double cell) => Texts is not null ? (cell >= 0 && cell < Texts.Texts.Count ? Texts.Texts[(int)cell] : "")
        : Codec.ItemType is KeyDataViewType ? (cell < 1 ? "" : _keyValues is { } names && cell <= names.Count ? names.Names[(int)cell - 1] : Number(cell))
        : Codec.ItemType is BooleanDataViewType ? (cell != 0 ? "True" : "False")
        : double.IsNaN(cell) ? ""
        : Codec.IsTime ? Time(cell)
        : Codec.ItemType == NumberDataViewType.Single ? ((float)cell).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : Number(cell);

    private static string Number(double cell) => cell.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private string Time(double cell)
    {
        Delegate getter = Codec.CreateGetter(null, _ => cell, null);
        if (getter is ValueGetter<DateTime> dates)
        {
            DateTime date = default;
            dates(ref date);
            return date.ToString("o", System.Globalization.CultureInfo.InvariantCulture);
        }

        if (getter is ValueGetter<DateTimeOffset> offsets)
        {
            DateTimeOffset date = default;
            offsets(ref date);
            return date.ToString("o", System.Globalization.CultureInfo.InvariantCulture);
        }

        return new TimeSpan((long)cell).ToString("c", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static TableColumn Of(DataViewSchema.Column column, int mostTexts)
    {
        DataViewType item = column.Type is VectorDataViewType { IsKnownSize: true, ItemType: var items } ? items : column.Type;
        if (CellCodec.Of(item) is null)
            throw WrongType(column.Name, column.Type.ToString()!);
        bool named = column.Annotations.Schema.GetColumnOrNull(SlotNames)?.Type is VectorDataViewType { ItemType: TextDataViewType } names && column.Type is VectorDataViewType { Size: var size } && names.Size == size;
        VBuffer<ReadOnlyMemory<char>> slots = default;
        if (named)
            column.Annotations.GetValue(SlotNames, ref slots);
        return new(column.Name, column.Type, item is TextDataViewType ? new(mostTexts) : null, item is KeyDataViewType ? KeyNames.Of(column) : null, named ? KeyNames.OfTexts([.. slots.DenseValues()]) : null);
    }

    private static ArgumentException WrongType(string name, string type) => new(
        $"The column '{name}' has type {type}; a table is made of numbers, Booleans, keys, texts, dates and times, and vectors of them of known size. Leave it out (ColumnNames), or convert it.");

    private bool SameType(DataViewType type) => type.Equals(Type) || (type, Type) switch
    {
        (VectorDataViewType a, VectorDataViewType b) => a.Size == b.Size && a.ItemType.Equals(b.ItemType),
        _ => false,
    };
}
