namespace Microsoft.ML.Data;

/// <summary>Reads the annotations that components agree on.</summary>
public static class SchemaAnnotationsExtensions
{
    /// <summary>Whether the column says that it is normalised.</summary>
    public static bool IsNormalized(this DataViewSchema.Column column)
    {
        var annotation = column.Annotations.Schema.GetColumnOrNull(AnnotationNames.IsNormalized);
        if (annotation?.Type is not BooleanDataViewType)
            return false;
        var value = false;
        column.Annotations.GetValue(AnnotationNames.IsNormalized, ref value);
        return value;
    }

    /// <summary>Whether the column's slots have names.</summary>
    public static bool HasSlotNames(this DataViewSchema.Column column)
        => column.Type is VectorDataViewType { IsKnownSize: true } vector
            && column.Annotations.Schema.GetColumnOrNull(AnnotationNames.SlotNames)?.Type is VectorDataViewType names
            && names.Size == vector.Size && names.ItemType is TextDataViewType;

    /// <summary>The names of the column's slots.</summary>
    public static void GetSlotNames(this DataViewSchema.Column column, ref VBuffer<ReadOnlyMemory<char>> slotNames)
        => column.Annotations.GetValue(AnnotationNames.SlotNames, ref slotNames);

    /// <summary>Whether the column says what its keys stand for.</summary>
    /// <param name="column">The column.</param>
    /// <param name="keyValueItemType">The type of what they stand for; text by default.</param>
    public static bool HasKeyValues(this DataViewSchema.Column column, PrimitiveDataViewType? keyValueItemType = null)
        => DataViewTypes.KeyCountOf(column.Type) is > 0 and var count
            && column.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues)?.Type is VectorDataViewType values
            && (ulong)values.Size == count && values.ItemType.Equals(keyValueItemType ?? TextDataViewType.Instance);

    /// <summary>What the column's keys stand for.</summary>
    public static void GetKeyValues<TValue>(this DataViewSchema.Column column, ref VBuffer<TValue> keyValues)
        => column.Annotations.GetValue(AnnotationNames.KeyValues, ref keyValues);
}
