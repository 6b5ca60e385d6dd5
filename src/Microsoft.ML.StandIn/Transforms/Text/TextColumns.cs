using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Text;

/// <summary>What the transforms for text share.</summary>
internal static class TextColumns
{
    private const string Expected = "String or Vector of String";

    /// <summary>The column, or an error if it is not of text.</summary>
    public static SchemaShape.Column FindText(this SchemaShape shape, string name)
    {
        var column = shape.Find(name);
        return column.ItemType is TextDataViewType ? column : throw Shapes.Mismatch("input", name, Expected, column.ItemType.ToString()!);
    }

    /// <summary>The columns, or an error if one is not of text.</summary>
    public static DataViewSchema.Column[] CheckText(this DataViewSchema.Column[] columns)
        => Array.Find(columns, c => DataViewTypes.ItemTypeOf(c.Type) is not TextDataViewType) is { Name: not null } other
            ? throw Shapes.Mismatch("input", other.Name, Expected, other.Type.ToString()!)
            : columns;

    /// <summary>The texts of a row: those that a vector gives, or the one of a scalar.</summary>
    /// <returns>What fills a list with them.</returns>
    public static Action<List<ReadOnlyMemory<char>>> MakeReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            var getter = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> text = default;
            return texts =>
            {
                getter(ref text);
                texts.Add(text);
            };
        }
        var vectorGetter = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        VBuffer<ReadOnlyMemory<char>> vector = default;
        return texts =>
        {
            vectorGetter(ref vector);
            foreach (var item in vector.GetValues())
                texts.Add(item);
        };
    }

    /// <summary>Puts a list into a vector.</summary>
    public static void CopyTo<T>(this List<T> items, ref VBuffer<T> target)
    {
        var editor = VBufferEditor.Create(ref target, items.Count);
        items.CopyTo(editor.Values);
        target = editor.Commit();
    }
}
