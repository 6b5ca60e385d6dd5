using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Adds the annotations that components agree on.</summary>
internal static class AnnotationBuilding
{
    /// <summary>The column's annotations of these names.</summary>
    public static DataViewSchema.Annotations.Builder Take(this DataViewSchema.Column column, params string[] names)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(column.Annotations, name => names.Contains(name));
        return builder;
    }

    /// <summary>Marks the column as normalised.</summary>
    public static DataViewSchema.Annotations.Builder AddIsNormalized(this DataViewSchema.Annotations.Builder builder)
    {
        builder.AddPrimitiveValue(AnnotationNames.IsNormalized, BooleanDataViewType.Instance, true);
        return builder;
    }

    /// <summary>Adds a vector.</summary>
    public static DataViewSchema.Annotations.Builder AddVector<T>(this DataViewSchema.Annotations.Builder builder, string name, PrimitiveDataViewType itemType, T[] values)
    {
        builder.Add(name, new VectorDataViewType(itemType, values.Length), Getters.Constant(values));
        return builder;
    }

    /// <summary>Adds slot names.</summary>
    public static DataViewSchema.Annotations.Builder AddSlotNames(this DataViewSchema.Annotations.Builder builder, IEnumerable<string> names)
        => builder.AddVector<ReadOnlyMemory<char>>(AnnotationNames.SlotNames, TextDataViewType.Instance, [.. names.Select(name => name.AsMemory())]);

    /// <summary>The column's slot names, or null where it has none.</summary>
    public static string[]? SlotNamesOrNull(this DataViewSchema.Column column)
    {
        if (!column.HasSlotNames())
            return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    /// <summary>The first and last slots of each categorical value, or nothing.</summary>
    public static int[] CategoricalSlotRanges(this DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(AnnotationNames.CategoricalSlotRanges)?.Type is not VectorDataViewType { ItemType: NumberDataViewType })
            return [];
        VBuffer<int> ranges = default;
        column.Annotations.GetValue(AnnotationNames.CategoricalSlotRanges, ref ranges);
        return [.. ranges.DenseValues()];
    }

    /// <summary>The type with other items: a vector of the same dimensions, or a scalar.</summary>
    public static DataViewType WithItems(this DataViewType type, PrimitiveDataViewType itemType)
        => type is VectorDataViewType vector ? new VectorDataViewType(itemType, vector.Dimensions) : itemType;
}
