using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Values of one type and the keys they have.</summary>
internal sealed class KeyMap<T>(PrimitiveDataViewType itemType) : KeyMap(itemType)
    where T : notnull
{
    private readonly Func<T, bool> _isMissing = ValueConversion.IsMissing<T>(itemType);
    private readonly Dictionary<T, uint> _keys = new(TextComparer.Instance as IEqualityComparer<T>);
    private readonly List<T> _values = [];

    public override int Count => _values.Count;

    public override Action MakeReader(DataViewRow row, DataViewSchema.Column column, int maximumNumberOfKeys)
    {
        if (column.Type is not VectorDataViewType)
        {
            var getter = row.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                getter(ref value);
                Add(value, maximumNumberOfKeys);
            };
        }
        var vectorGetter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return () =>
        {
            vectorGetter(ref values);
            foreach (var value in values.DenseValues())
                Add(value, maximumNumberOfKeys);
        };
    }

    public override void Sort()
    {
        _values.Sort(TextComparer.Instance as IComparer<T>);
        for (var i = 0; i < _values.Count; i++)
            _keys[_values[i]] = (uint)i + 1;
    }

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column)
        => Getters.Map<T, uint>(row, column, (_, value) => KeyOf(value), keepsDefaults: KeyOf(default!) == 0);

    public override void Annotate(DataViewSchema.Annotations.Builder annotations, bool asText)
    {
        if (Count == 0)
            return;
        if (asText)
            annotations.AddVector<ReadOnlyMemory<char>>(AnnotationNames.KeyValues, TextDataViewType.Instance, [.. _values.Select(ToText)]);
        else
            annotations.AddVector(AnnotationNames.KeyValues, ItemType, _values.ToArray());
    }

    protected override void SaveValues(BinaryWriter writer)
    {
        foreach (var value in _values)
            Write(writer, value);
    }

    protected override void LoadValues(BinaryReader reader, int count)
    {
        for (var i = 0; i < count; i++)
            Add((T)Read(reader), int.MaxValue);
        if (Count != count)
            throw new FormatException("Corrupt model: a value has two keys.");
    }

    private uint KeyOf(T value) => _isMissing(value) ? 0 : _keys.GetValueOrDefault(value);

    private void Add(T value, int maximumNumberOfKeys)
    {
        if (_values.Count >= maximumNumberOfKeys || _isMissing(value) || _keys.ContainsKey(value))
            return;
        // Text may lie in a buffer that is used again.
        if (value is ReadOnlyMemory<char> text)
            value = (T)(object)text.ToString().AsMemory();
        _values.Add(value);
        _keys.Add(value, (uint)_values.Count);
    }

    private static ReadOnlyMemory<char> ToText(T value) => value switch
    {
        ReadOnlyMemory<char> text => text,
        bool flag => (flag ? "1" : "0").AsMemory(),
        IFormattable number => ValueConversion.ToText(number),
        _ => value.ToString().AsMemory(),
    };

    private static void Write(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case ReadOnlyMemory<char> text: writer.Write(text.ToString()); break;
            case bool flag: writer.Write(flag); break;
            case sbyte number: writer.Write(number); break;
            case byte number: writer.Write(number); break;
            case short number: writer.Write(number); break;
            case ushort number: writer.Write(number); break;
            case int number: writer.Write(number); break;
            case uint number: writer.Write(number); break;
            case long number: writer.Write(number); break;
            case ulong number: writer.Write(number); break;
            case float number: writer.Write(number); break;
            case double number: writer.Write(number); break;
            default: throw new NotSupportedException($"Keys of values of {value.GetType()} cannot be saved.");
        }
    }

    private static object Read(BinaryReader reader) => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Boolean => reader.ReadBoolean(),
        TypeCode.SByte => reader.ReadSByte(),
        TypeCode.Byte => reader.ReadByte(),
        TypeCode.Int16 => reader.ReadInt16(),
        TypeCode.UInt16 => reader.ReadUInt16(),
        TypeCode.Int32 => reader.ReadInt32(),
        TypeCode.UInt32 => reader.ReadUInt32(),
        TypeCode.Int64 => reader.ReadInt64(),
        TypeCode.UInt64 => reader.ReadUInt64(),
        TypeCode.Single => reader.ReadSingle(),
        TypeCode.Double => reader.ReadDouble(),
        _ when typeof(T) == typeof(ReadOnlyMemory<char>) => reader.ReadString().AsMemory(),
        _ => throw new FormatException($"Corrupt model: there are no keys of values of {typeof(T)}."),
    };
}
