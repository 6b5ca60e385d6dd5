using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML;

/// <summary>What the image transforms share.</summary>
internal static class ImageColumns
{
    /// <summary>The type of a column of images, or an error that names it.</summary>
    public static ImageDataViewType TypeOf(DataViewSchema.Column column)
        => column.Type as ImageDataViewType ?? throw Shapes.Mismatch("input", column.Name, "image", column.Type.ToString()!);

    /// <summary>The shape of a column of images, or an error that names it.</summary>
    public static SchemaShape.Column Find(SchemaShape shape, string name)
    {
        var column = shape.Find(name);
        return column.ItemType is ImageDataViewType && column.Kind == SchemaShape.Column.VectorKind.Scalar
            ? column
            : throw Shapes.Mismatch("input", name, "image", column.Kind == SchemaShape.Column.VectorKind.Scalar ? column.ItemType.ToString()! : $"vector of {column.ItemType}");
    }

    /// <summary>A getter that makes one image of another. No image makes none.</summary>
    public static ValueGetter<MLImage> Map(DataViewRow row, DataViewSchema.Column column, Func<MLImage, MLImage> map)
    {
        var getter = row.GetGetter<MLImage>(column);
        MLImage? source = null;
        return (ref MLImage value) =>
        {
            getter(ref source!);
            value = source is null ? null! : map(source);
        };
    }
}
