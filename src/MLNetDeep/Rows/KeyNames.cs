using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Rows;

/// <summary>What the keys of a column stand for: its KeyValues annotation, kept with its type so that a loaded model can give it back.</summary>
internal abstract class KeyNames
{
    private const string KeyValues = "KeyValues";

    // By name rather than by .NET type: a file must not be able to name types.
    private static readonly Dictionary<string, PrimitiveDataViewType> Types = new PrimitiveDataViewType[]
    {
        TextDataViewType.Instance, BooleanDataViewType.Instance,
        DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance, TimeSpanDataViewType.Instance,
        NumberDataViewType.Single, NumberDataViewType.Double,
        NumberDataViewType.SByte, NumberDataViewType.Int16, NumberDataViewType.Int32, NumberDataViewType.Int64,
        NumberDataViewType.Byte, NumberDataViewType.UInt16, NumberDataViewType.UInt32, NumberDataViewType.UInt64,
    }.ToDictionary(t => t.ToString()!);

    /// <summary>Type of the values.</summary>
    public abstract PrimitiveDataViewType ItemType { get; }

    public abstract int Count { get; }

    /// <summary>The values as text.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>The annotation of a column; null if it has none of a kind that can be kept.</summary>
    /// <param name="column">The column.</param>
    /// <param name="annotation">The annotation's name, such as <c>SlotNames</c>.</param>
    public static KeyNames? Of(DataViewSchema.Column column, string annotation = KeyValues)
    {
        if (column.Annotations.Schema.GetColumnOrNull(annotation)?.Type is not VectorDataViewType { ItemType: PrimitiveDataViewType item } || !Types.ContainsValue(item))
            return null;
        return (KeyNames)Invoke(nameof(Read), item, column, item, annotation);
    }

    /// <summary>Texts.</summary>
    public static KeyNames OfTexts(ReadOnlyMemory<char>[] texts) => new Typed<ReadOnlyMemory<char>>(TextDataViewType.Instance, texts);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not that.</exception>
    public static KeyNames Read(JsonElement json)
    {
        if (!Types.TryGetValue(json.GetProperty("type").GetString() ?? "", out PrimitiveDataViewType? item))
            throw new InvalidDataException("the class names have an unknown type.");
        return (KeyNames)Invoke(nameof(Parse), item, item, json.GetProperty("values").EnumerateArray().Select(v => v.GetString() ?? "").ToArray());
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", ItemType.ToString());
        json.WriteStartArray("values");
        foreach (string name in Names)
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Adds the values to a column's annotations under a name.</summary>
    public abstract void AddTo(DataViewSchema.Annotations.Builder builder, string annotation);

    private static object Invoke(string method, DataViewType item, params object[] arguments)
    {
        try
        {
            return typeof(KeyNames).GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Single(m => m.Name == method && m.IsGenericMethodDefinition)
                .MakeGenericMethod(item.RawType).Invoke(null, arguments)!;
        }
        catch (TargetInvocationException e) when (e.InnerException is FormatException or OverflowException)
        {
            throw new InvalidDataException($"a class name does not have the type {item}.", e.InnerException);
        }
    }

    private static KeyNames Read<T>(DataViewSchema.Column column, PrimitiveDataViewType item, string annotation)
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue(annotation, ref values);
        return new Typed<T>(item, [.. values.DenseValues()]);
    }

    private static KeyNames Parse<T>(PrimitiveDataViewType item, string[] values) => new Typed<T>(item, [.. values.Select(ParseOne<T>)]);

    private static T ParseOne<T>(string text)
    {
        if (typeof(T) == typeof(ReadOnlyMemory<char>))
            return (T)(object)text.AsMemory();
        if (typeof(T) == typeof(DateTime))
            return (T)(object)DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        if (typeof(T) == typeof(DateTimeOffset))
            return (T)(object)DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        if (typeof(T) == typeof(TimeSpan))
            return (T)(object)TimeSpan.Parse(text, CultureInfo.InvariantCulture);
        return (T)Convert.ChangeType(text, typeof(T), CultureInfo.InvariantCulture);
    }

    private sealed class Typed<T>(PrimitiveDataViewType itemType, T[] values) : KeyNames
    {
        public override PrimitiveDataViewType ItemType => itemType;

        public override int Count => values.Length;

        public override IReadOnlyList<string> Names { get; } = [.. values.Select(v => v switch
        {
            DateTime time => time.ToString("o", CultureInfo.InvariantCulture),
            DateTimeOffset time => time.ToString("o", CultureInfo.InvariantCulture),
            float or double => ((IFormattable)v).ToString("R", CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => v?.ToString() ?? "",
        })];

        public override void AddTo(DataViewSchema.Annotations.Builder builder, string annotation) =>
            builder.Add(annotation, new VectorDataViewType(itemType, values.Length), (ref VBuffer<T> target) => Vectors.Set(ref target, values));
    }
}
