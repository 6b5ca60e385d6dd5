using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Estimators;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Rows;

/// <summary>A column that feeds an input of a network.</summary>
internal sealed class FeatureColumn
{
    private readonly FeatureAdapter? _adapter;
    private readonly PixelLayout? _pixels;

    private FeatureColumn(string name, DataViewType type, DType dtype, int size, FeatureAdapter? adapter = null, PixelLayout? pixels = null, SequenceShape? sequence = null)
    {
        Sequence = sequence;
        Name = name;
        Type = type;
        DType = dtype;
        Size = size;
        _adapter = adapter;
        _pixels = pixels;
    }

    /// <summary>Puts the present row's elements into a span of <see cref="Size"/>.</summary>
    /// <typeparam name="T">float or int, as <see cref="DType"/> says.</typeparam>
    public delegate void Reader<T>(Span<T> target);

    /// <summary>Puts the present row's ids into a span of <see cref="Size"/>.</summary>
    /// <returns>The number of ids that the row has, which of a sequence may be less or more.</returns>
    public delegate int IdReader(Span<int> target);

    public string Name { get; }

    /// <summary>The column's type.</summary>
    public DataViewType Type { get; }

    /// <summary>What the network's input takes.</summary>
    public DType DType { get; }

    /// <summary>Elements in a row.</summary>
    public int Size { get; }

    /// <summary>For sequences of differing lengths how they become rows of one length; else null.</summary>
    public SequenceShape? Sequence { get; }

    /// <summary>Number of ids that the column's keys may have; null for Int32 and for numbers.</summary>
    public int? Ids => DType == DType.Int32 ? TokenColumn.Ids(Item, Sequence is null ? 1 : TokenColumn.Reserved) : null;

    private DataViewType Item => Type is VectorDataViewType vector ? vector.ItemType : Type;

    /// <summary>Whether the vector has an image plane by plane, channels first.</summary>
    public bool IsPlanar => _pixels is { Planes: > 1 };

    /// <summary>The dimensions of a row.</summary>
    public int[] Shape => _adapter is not null ? [.. _adapter.Shape] : _pixels?.Shape ?? [Size];

    /// <summary>The column, ready to feed an input of a network.</summary>
    /// <param name="schema">The data's columns.</param>
    /// <param name="name">The column.</param>
    /// <param name="input">The input.</param>
    /// <param name="resizeImages">Whether images of another size are resized.</param>
    /// <param name="sequence">For a column of sequences, how they become rows of one length.</param>
    /// <param name="format">How pixels lie in a vector; null for what its type says.</param>
    /// <exception cref="ArgumentException">There is no such column, or its type cannot feed that input; the message says what would.</exception>
    public static FeatureColumn Find(DataViewSchema schema, string name, InputLayer input, bool resizeImages, Func<SequenceShape>? sequence = null, DataFormat? format = null)
    {
        DataViewSchema.Column column = ColumnRef.Find(schema, name, "feature");
        if (FeatureAdapters.Concerns(column.Type) && input.DType == DType.Float32)
            return Adapted(name, column.Type, FeatureAdapters.For(name, column.Type).Create(name, column.Type, input.Shape, resizeImages));
        FeatureColumn found = Find(schema, name, input.DType, sequence);
        return found.DType == DType.Float32 ? new(name, found.Type, found.DType, found.Size, pixels: PixelLayout.Find(name, found.Type, input.Shape, format)) : found;
    }

    /// <summary>The column of the same name in other data, to be read as this one is.</summary>
    /// <exception cref="ArgumentException">There is none, or its type cannot be read so.</exception>
    public FeatureColumn In(DataViewSchema schema)
    {
        if (_adapter is null)
        {
            FeatureColumn found = Find(schema, Name, DType, Sequence is { } sequence ? () => sequence : null);
            _pixels?.Check(Name, found.Type);
            return _pixels is null ? found : new(Name, found.Type, DType, found.Size, pixels: _pixels);
        }

        DataViewType type = ColumnRef.Find(schema, Name, "feature").Type;
        _adapter.Check(Name, type);
        return Adapted(Name, type, _adapter);
    }

    /// <summary>The column, if it is as long as the one that a model was trained on.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public FeatureColumn OfSize(int size) =>
        Size == size ? this : throw new ArgumentException($"The feature column '{Name}' has {Size} elements, but the model was trained on {size}.");

    /// <summary>The column, ready to feed an input of a type.</summary>
    /// <param name="schema">The data's columns.</param>
    /// <param name="name">The column.</param>
    /// <param name="dtype">What the input takes.</param>
    /// <param name="sequence">For a column of sequences, how they become rows of one length; null where sequences are not taken.</param>
    /// <exception cref="ArgumentException">There is no such column, or its type cannot feed that input; the message says what would.</exception>
    public static FeatureColumn Find(DataViewSchema schema, string name, DType dtype, Func<SequenceShape>? sequence = null)
    {
        DataViewSchema.Column column = ColumnRef.Find(schema, name, "feature");
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        Check(name, column.Type is VectorDataViewType, item, item is KeyDataViewType, dtype, column.Type);
        int size = column.Type is VectorDataViewType { Size: var length } ? length : 1;
        if (size == 0 && dtype == DType.Int32 && sequence is not null)
        {
            SequenceShape shape = sequence();
            return new(name, column.Type, dtype, shape.Length, sequence: shape);
        }

        if (size == 0)
        {
            throw new ArgumentException(
                $"The feature column '{name}' has type {column.Type}, a vector of unknown size; a network needs the same number of elements in every row. " +
                "Give the size where the column is made, for instance with [VectorType(64)] or in the text loader's column.");
        }

        return new(name, column.Type, dtype, size);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static FeatureColumn Read(JsonElement json)
    {
        int size = json.GetProperty("size").GetInt32();
        if (json.TryGetProperty("adapter", out JsonElement adapted))
        {
            FeatureAdapter adapter = FeatureAdapters.OfKind(adapted.GetProperty("kind").GetString()).Read(adapted);
            return Adapted(json.GetProperty("name").GetString() ?? "", adapter.ColumnType, adapter);
        }

        ulong keys = json.GetProperty("keys").GetUInt64();
        bool ids = json.GetProperty("ids").GetBoolean();
        PrimitiveDataViewType item = keys > 0 ? new KeyDataViewType(KeyType(json), keys) : ids ? NumberDataViewType.Int32 : NumberDataViewType.Single;
        string name = json.GetProperty("name").GetString() ?? "";
        if (json.TryGetProperty("truncation", out JsonElement truncation))
        {
            if (!ids || size is < 1 or > SequenceShape.MostTokens || !Enum.TryParse(truncation.GetString(), out SequenceTruncation how) || !Enum.IsDefined(how))
                throw new InvalidDataException($"the sequences of the column '{name}' have {size} tokens and the truncation '{truncation}'.");
            return new(name, new VectorDataViewType(item), DType.Int32, size, sequence: new(size, how));
        }

        PixelLayout? pixels = json.TryGetProperty("pixels", out JsonElement layout) ? PixelLayout.Read(layout, size) : null;
        DataViewType type = !json.GetProperty("vector").GetBoolean() ? item
            : pixels is { IsTyped: true } ? new VectorDataViewType(item, pixels.Dimensions)
            : new VectorDataViewType(item, size);
        return new(name, type, ids ? DType.Int32 : DType.Float32, size, pixels: pixels);
    }

    /// <summary>Writes the column for a model file.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteNumber("size", Size);
        json.WriteBoolean("vector", Type is VectorDataViewType);
        json.WriteBoolean("ids", DType == DType.Int32);
        json.WriteNumber("keys", (Item as KeyDataViewType)?.Count ?? 0);
        if (Item is KeyDataViewType && Item.RawType != typeof(uint))
            json.WriteNumber("keyBytes", Item.RawType == typeof(byte) ? sizeof(byte) : sizeof(ushort));
        if (Sequence is { } sequence)
            json.WriteString("truncation", sequence.Truncation.ToString());
        if (_pixels is not null)
        {
            json.WritePropertyName("pixels");
            _pixels.Write(json);
        }

        if (_adapter is not null)
        {
            json.WriteStartObject("adapter");
            json.WriteString("kind", _adapter.Kind);
            _adapter.Write(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Checks a column's shape as far as that is known before there is data.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Find(DataViewSchema, string, InputLayer, bool, Func{SequenceShape}, DataFormat?)"/>.</exception>
    public static void Check(SchemaShape shape, string name, DType dtype)
    {
        SchemaShape.Column column = ColumnRef.Find(shape, name, "feature");
        if (FeatureAdapters.Concerns(column.ItemType) && dtype == DType.Float32 && column.Kind == SchemaShape.Column.VectorKind.Scalar)
        {
            FeatureAdapters.For(name, column.ItemType);
            return;
        }

        Check(name, column.Kind != SchemaShape.Column.VectorKind.Scalar, column.ItemType, column.IsKey, dtype, column.ItemType);
        if (column.Kind == SchemaShape.Column.VectorKind.VariableVector && dtype != DType.Int32)
            throw new ArgumentException($"The feature column '{name}' is a vector of unknown size; a network needs the same number of elements in every row.");
    }

    /// <summary>That a column's type cannot feed an input, with what to do about it.</summary>
    /// <param name="name">The column.</param>
    /// <param name="type">Its type, or that of its items.</param>
    /// <param name="dtype">What the input takes.</param>
    /// <param name="isVector">Whether the column is a vector.</param>
    public static ArgumentException WrongType(string name, DataViewType type, DType dtype, bool isVector = false)
    {
        DataViewType item = type is VectorDataViewType vector ? vector.ItemType : type;
        string expected = dtype == DType.Float32 ? "a vector of Single" : "a vector of keys or Int32 (ids)";
        string hint = dtype == DType.Float32
            ? item is TextDataViewType ? "Turn text into numbers first, for instance with Categorical.OneHotEncoding."
            : FeatureAdapters.Concerns(item) ? "Make a vector of the image's pixels with ExtractPixels (interleavePixelColors: true)."
            : item == NumberDataViewType.Single ? "Join columns with Concatenate."
            : "Convert it with Conversion.ConvertType, and join columns with Concatenate."
            : item is TextDataViewType ? "Make tokens with Text.TokenizeIntoWords and keys of them with Conversion.MapValueToKey." : "Make keys with Conversion.MapValueToKey.";
        return new ArgumentException($"The feature column '{name}' has type {(isVector && type is not VectorDataViewType ? $"Vector<{type}>" : type)}; the network's input takes {expected}. {hint}");
    }

    /// <summary>Checks that the network knows all ids that the column's keys may have.</summary>
    /// <param name="ids">Number of ids that it knows; null if it takes any.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public void CheckKeys(int? ids)
    {
        if (ids is not { } known || Ids is not { } needed || needed <= known)
            return;
        if (Sequence is not null)
        {
            throw new ArgumentException(
                $"The feature column '{Name}' has {needed - TokenColumn.Reserved} keys, which with padding (0) and the unknown token (1) are the ids 0 to {needed - 1}, but the network's embedding knows {known} ids: " +
                "leave its number of ids out, or let MapValueToKey give fewer keys (maximumNumberOfKeys).");
        }

        throw new ArgumentException(
            $"The feature column '{Name}' has {needed - 1} keys, which with the missing one (0) are the ids 0 to {needed - 1}, but the network's embedding knows {known} ids: give it {needed}.");
    }

    private static Type KeyType(JsonElement json) => json.TryGetProperty("keyBytes", out JsonElement bytes) ? bytes.GetInt32() switch
    {
        sizeof(byte) => typeof(byte),
        sizeof(ushort) => typeof(ushort),
        var other => throw new InvalidDataException($"keys have {other} bytes."),
    }
    : typeof(uint);

    /// <summary>Makes a reader over a row or cursor.</summary>
    public Reader<float> BindFloats(DataViewRow row, DataViewSchema.Column column)
    {
        if (_adapter is not null)
            return _adapter.Bind(row, column);
        if (Type is not VectorDataViewType)
        {
            ValueGetter<float> scalar = row.GetGetter<float>(column);
            return target => scalar(ref target[0]);
        }

        ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> buffer = default;
        return target =>
        {
            getter(ref buffer);
            CheckLength(buffer.Length);
            if (_pixels is { Planes: > 1 } planar)
                planar.Interleave(buffer, target);
            else
                buffer.CopyTo(target);
        };
    }

    /// <summary>Makes a reader over a row or cursor.</summary>
    public IdReader BindInts(DataViewRow row, DataViewSchema.Column column)
    {
        if (Sequence is { } sequence)
        {
            TokenColumn.Reader tokens = TokenColumn.Bind(row, column);
            return target =>
            {
                ReadOnlySpan<int> ids = tokens();
                sequence.Fill(ids, target, Name, row.Position);
                return ids.Length;
            };
        }

        return Item is not KeyDataViewType ? Bind<int>(row, column, v => v)
            : Item.RawType == typeof(uint) ? Bind<uint>(row, column, v => (int)Math.Min(v, int.MaxValue))
            : Item.RawType == typeof(ushort) ? Bind<ushort>(row, column, v => v)
            : Bind<byte>(row, column, v => v);
    }

    private static FeatureColumn Adapted(string name, DataViewType type, FeatureAdapter adapter) =>
        new(name, type, DType.Float32, checked((int)adapter.Shape.Aggregate(1L, (a, b) => a * b)), adapter);

    private static void Check(string name, bool isVector, DataViewType item, bool isKey, DType dtype, DataViewType shown)
    {
        bool fits = dtype == DType.Float32 ? item == NumberDataViewType.Single && !isKey : isKey ? item.RawType == typeof(uint) || item.RawType == typeof(ushort) || item.RawType == typeof(byte) : item == NumberDataViewType.Int32;
        if (fits)
            return;
        throw WrongType(name, shown, dtype, isVector);
    }

    private IdReader Bind<T>(DataViewRow row, DataViewSchema.Column column, Func<T, int> convert)
    {
        if (Type is not VectorDataViewType)
        {
            ValueGetter<T> scalar = row.GetGetter<T>(column);
            T value = default!;
            return target =>
            {
                scalar(ref value);
                target[0] = convert(value);
                return 1;
            };
        }

        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> buffer = default;
        return target =>
        {
            getter(ref buffer);
            CheckLength(buffer.Length);
            target.Clear();
            foreach (KeyValuePair<int, T> item in buffer.Items())
                target[item.Key] = convert(item.Value);
            return Size;
        };
    }

    private void CheckLength(int length)
    {
        if (length != Size)
            throw new InvalidOperationException($"The feature column '{Name}' has {length} elements in this row, expected {Size} as its type says.");
    }
}
