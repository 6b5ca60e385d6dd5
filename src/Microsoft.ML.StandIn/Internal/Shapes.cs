using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML;

/// <summary>What estimators need to make their output shape of an input shape.</summary>
internal static class Shapes
{
    /// <summary>The annotation of slot names.</summary>
    public static SchemaShape.Column SlotNames { get; } = new(AnnotationNames.SlotNames, VectorKind.Vector, TextDataViewType.Instance, false);

    /// <summary>The annotation of normalised columns.</summary>
    public static SchemaShape.Column IsNormalized { get; } = new(AnnotationNames.IsNormalized, VectorKind.Scalar, BooleanDataViewType.Instance, false);

    /// <summary>The annotation of slots that belong together.</summary>
    public static SchemaShape.Column CategoricalSlotRanges { get; } =
        new(AnnotationNames.CategoricalSlotRanges, VectorKind.Vector, NumberDataViewType.Int32, false);

    /// <summary>The annotation of what keys stand for.</summary>
    public static SchemaShape.Column KeyValues(DataViewType itemType)
    {
        SchemaShape.GetColumnTypeShape(itemType, out _, out var plain, out var isKey);
        return new(AnnotationNames.KeyValues, VectorKind.Vector, plain, isKey);
    }

    /// <summary>The column of this name, or an error that names it.</summary>
    public static SchemaShape.Column Find(this SchemaShape shape, string name)
        => shape.TryFindColumn(name, out var column) ? column : throw Missing(name, "inputSchema");

    /// <summary>The visible column of this name, or an error that names it.</summary>
    public static DataViewSchema.Column Find(this DataViewSchema schema, string name)
        => schema.GetColumnOrNull(name) ?? throw Missing(name, "inputSchema");

    /// <summary>Whether the column has an annotation of this name.</summary>
    public static bool Has(this SchemaShape.Column column, string annotation) => column.Annotations.TryFindColumn(annotation, out _);

    /// <summary>The column's annotations of these names.</summary>
    public static IEnumerable<SchemaShape.Column> Take(this SchemaShape.Column column, params string[] annotations)
        => column.Annotations.Where(annotation => annotations.Contains(annotation.Name));

    /// <summary>The shape with columns put in the place of those of the same name, or at the end.</summary>
    public static SchemaShape With(this SchemaShape shape, IEnumerable<SchemaShape.Column> outputs)
    {
        var columns = shape.ToList();
        foreach (var output in outputs)
        {
            var at = columns.FindIndex(column => column.Name == output.Name);
            if (at >= 0)
                columns[at] = output;
            else
                columns.Add(output);
        }
        return new(columns);
    }

    /// <summary>The error for columns that do not fit.</summary>
    public static ArgumentOutOfRangeException Mismatch(string role, string name, string expected, string got)
        => new("inputSchema", $"Schema mismatch for {role} column '{name}': expected {expected}, got {got}");

    private static ArgumentOutOfRangeException Missing(string name, string parameter)
        => new(parameter, $"Could not find input column '{name}'");
}
