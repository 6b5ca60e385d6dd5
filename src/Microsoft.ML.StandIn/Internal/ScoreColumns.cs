using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML;

/// <summary>The columns that models add, as evaluators find them.</summary>
internal static class ScoreColumns
{
    public const string PredictedLabel = "PredictedLabel";
    public const string Score = "Score";
    public const string Probability = "Probability";

    public const string Binary = "BinaryClassification";
    public const string Multiclass = "MulticlassClassification";

    /// <summary>The annotations' shape.</summary>
    public static IEnumerable<SchemaShape.Column> Shape(bool isNormalized = false)
    {
        SchemaShape.Column[] shape =
        [
            new(AnnotationNames.ScoreColumnSetId, VectorKind.Scalar, NumberDataViewType.UInt32, true),
            new(AnnotationNames.ScoreColumnKind, VectorKind.Scalar, TextDataViewType.Instance, false),
            new(AnnotationNames.ScoreValueKind, VectorKind.Scalar, TextDataViewType.Instance, false),
        ];
        return isNormalized ? shape.Append(Shapes.IsNormalized) : shape;
    }

    /// <summary>What makes the annotations of a column, by what its value is. All of one call belong together.</summary>
    public static Func<string, DataViewSchema.Annotations.Builder> Annotations(DataViewSchema inputSchema, string kind)
    {
        uint set = 0;
        foreach (var column in inputSchema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(AnnotationNames.ScoreColumnSetId)?.Type is not KeyDataViewType key || key.RawType != typeof(uint))
                continue;
            uint other = 0;
            column.Annotations.GetValue(AnnotationNames.ScoreColumnSetId, ref other);
            set = Math.Max(set, other);
        }
        set++;
        return value =>
        {
            var builder = new DataViewSchema.Annotations.Builder();
            builder.AddPrimitiveValue(AnnotationNames.ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), set);
            builder.AddPrimitiveValue(AnnotationNames.ScoreColumnKind, TextDataViewType.Instance, kind.AsMemory());
            builder.AddPrimitiveValue(AnnotationNames.ScoreValueKind, TextDataViewType.Instance, value.AsMemory());
            return builder;
        };
    }

    /// <summary>The getter of an annotation.</summary>
    public static Delegate Getter(DataViewSchema.Column column, DataViewSchema.Column annotation)
        => Getters.Call<Delegate>(typeof(ScoreColumns), nameof(GetterTyped), [annotation.Type.RawType], column, annotation);

    /// <summary>A schema of some columns, as models keep it of the data they were trained with.</summary>
    public static DataViewSchema TrainSchema(params DataViewSchema.Column[] columns)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns.Select(column => new DataViewSchema.DetachedColumn(column)));
        return builder.ToSchema();
    }

    /// <summary>Reads such a schema of so many columns.</summary>
    public static DataViewSchema ReadTrainSchema(ModelLoadContext ctx, int columns)
    {
        var schema = SchemaCodec.Read(ctx.Reader);
        return schema.Count == columns ? schema : throw new FormatException($"Corrupt model: it was trained with {schema.Count} columns, but {columns} are expected.");
    }

    private static ValueGetter<T> GetterTyped<T>(DataViewSchema.Column column, DataViewSchema.Column annotation) => column.Annotations.GetGetter<T>(annotation);
}
