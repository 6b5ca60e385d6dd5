using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;

namespace MLNetDeep.Generation;

/// <summary>The columns that a GAN learns to make: numbers or pixels, and the class where there is one.</summary>
internal sealed record GanColumns(FeatureColumn Features, string? Label)
{
    /// <exception cref="ArgumentException">A column is missing or of a type that cannot be made; the message says what would do.</exception>
    public static GanColumns Find(DataViewSchema schema, string features, string? label, InputLayer row)
    {
        FeatureColumn found = FeatureColumn.Find(schema, features, DType.Float32);
        if (found.Type is not VectorDataViewType)
            throw FeatureColumn.WrongType(features, found.Type, DType.Float32);
        if (PixelLayout.Find(features, found.Type, row.Shape, null) is { Planes: > 1 })
            throw new ArgumentException($"The feature column '{features}' has its pixels plane by plane, expected channel beside channel: set interleavePixelColors in ExtractPixels.");
        if (label is not null)
            _ = MulticlassTask.Of(ColumnRef.Find(schema, label, "label"));
        return new(found, label);
    }

    /// <summary>The same of a schema's shape, as far as it tells.</summary>
    /// <exception cref="ArgumentException">A column is missing or of a type that cannot be made; the message says what would do.</exception>
    public static void Check(SchemaShape schema, string features, string? label)
    {
        if (ColumnRef.Find(schema, features, "feature") is { Kind: SchemaShape.Column.VectorKind.Scalar } scalar)
            throw FeatureColumn.WrongType(features, scalar.ItemType, DType.Float32);
        FeatureColumn.Check(schema, features, DType.Float32);
        if (label is not null && ColumnRef.Find(schema, label, "label") is { IsKey: false } other)
            throw MulticlassTask.WrongType(label, other.ItemType.ToString()!);
    }

    /// <summary>Puts the present row's numbers into a span.</summary>
    /// <exception cref="InvalidOperationException">One is missing or infinite.</exception>
    public Action<Span<float>> Bind(DataViewRow row, DataViewSchema.Column column)
    {
        FeatureColumn.Reader<float> read = Features.BindFloats(row, column);
        return target =>
        {
            read(target);
            for (int i = 0; i < target.Length; i++)
            {
                if (!float.IsFinite(target[i]))
                    throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The feature column '{Features.Name}', slot {i}, is {target[i]} in data row {row.Position + 1}. Replace missing values first, for instance with ReplaceMissingValues."));
            }
        };
    }

    /// <summary>Gives the present row's class, from 0; -1 if it is missing.</summary>
    public static Func<int> BindClass(DataViewRow row, DataViewSchema.Column column)
    {
        return column.Type.RawType == typeof(uint) ? Of<uint>(v => (int)Math.Min(v, int.MaxValue)) : column.Type.RawType == typeof(ushort) ? Of<ushort>(v => v) : column.Type.RawType == typeof(byte) ? Of<byte>(v => v) : Of<ulong>(v => (int)Math.Min(v, int.MaxValue));

        Func<int> Of<T>(Func<T, int> convert)
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                getter(ref value);
                return convert(value) - 1;
            };
        }
    }
}
