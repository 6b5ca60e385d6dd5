using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A column of a text file: its type and the fields that it is made of.</summary>
internal sealed class TextColumn
{
    public TextColumn(TextLoader.Column column, Lazy<TextSample> sample)
    {
        if (string.IsNullOrEmpty(column.Name))
            throw new ArgumentException("A column has no name.", nameof(column));
        if (column.Source is not { Length: > 0 })
            throw new ArgumentException($"Column '{column.Name}' has no source fields.", nameof(column));
        Name = column.Name;
        Fields = [.. column.Source.SelectMany(range => FieldsOf(range, sample))];
        ItemType = DataViewTypes.PrimitiveOf(column.DataKind);
        if (column.KeyCount is { } keys)
            ItemType = new KeyDataViewType(ItemType.RawType, keys.Count ?? LargestCount(ItemType.RawType));
        var isVector = Fields.Length > 1 || column.Source.Any(r => r.ForceVector || r.AutoEnd || r.Max is null);
        Type = isVector ? new VectorDataViewType(ItemType, Fields.Length) : ItemType;
    }

    public string Name { get; }

    public PrimitiveDataViewType ItemType { get; }

    public DataViewType Type { get; }

    /// <summary>The fields, in order.</summary>
    public int[] Fields { get; }

    /// <summary>Slot names, where the file's header gives them.</summary>
    public DataViewSchema.Annotations? AnnotationsOf(string[] header)
    {
        if (Type is not VectorDataViewType || header.Length == 0)
            return null;
        var names = new VBuffer<ReadOnlyMemory<char>>(Fields.Length, [.. Fields.Select(f => f < header.Length ? header[f].AsMemory() : default)]);
        if (names.DenseValues().All(n => n.IsEmpty))
            return null;
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(AnnotationNames.SlotNames, new VectorDataViewType(TextDataViewType.Instance, Fields.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => names.CopyTo(ref value));
        return builder.ToAnnotations();
    }

    private static IEnumerable<int> FieldsOf(TextLoader.Range range, Lazy<TextSample> sample)
    {
        if (range.VariableEnd || range.AllOther)
            throw new NotSupportedException("Ranges of variable end and of all other fields are not supported here.");
        var last = range.Max ?? sample.Value.KnownFieldCount() - 1;
        if (range.Min < 0 || last < range.Min)
            throw new ArgumentOutOfRangeException(nameof(range), $"The range of fields {range.Min} to {last} is not valid.");
        return Enumerable.Range(range.Min, last - range.Min + 1);
    }

    private static ulong LargestCount(Type type)
        => type == typeof(byte) ? byte.MaxValue : type == typeof(ushort) ? ushort.MaxValue : type == typeof(uint) ? uint.MaxValue : ulong.MaxValue;
}
