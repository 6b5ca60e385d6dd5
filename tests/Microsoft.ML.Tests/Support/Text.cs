using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.Support;

/// <summary>Writes schemas, rows and schema shapes as text, so that a test can show all of them in a few lines.</summary>
internal static class Text
{
    /// <summary>The visible columns with their annotations, one a line.</summary>
    public static string Of(DataViewSchema schema, params string[] only)
    {
        var text = new StringBuilder();
        foreach (var column in Chosen(schema, only))
            text.Append(column.Name).Append(": ").Append(Of(column.Type)).Append(Of(column.Annotations)).Append('\n');
        return text.ToString().TrimEnd();
    }

    /// <summary>The values of the visible columns, one row a line.</summary>
    public static string Rows(IDataView data, params string[] only)
    {
        var columns = Chosen(data.Schema, only);
        var text = new StringBuilder();
        using var cursor = data.GetRowCursor(columns);
        var readers = columns.Select(column => Reader(cursor, column)).ToArray();
        while (cursor.MoveNext())
            text.AppendJoin(" | ", readers.Select(read => read())).Append('\n');
        return text.ToString().TrimEnd();
    }

    /// <summary>The schema, then the rows.</summary>
    public static string Of(IDataView data, params string[] only) => Of(data.Schema, only) + "\n" + Rows(data, only);

    /// <summary>The columns of a schema shape, one a line.</summary>
    public static string Of(SchemaShape shape, params string[] only)
    {
        var lines = shape.Where(column => only.Length == 0 || only.Contains(column.Name)).Select(column =>
            column.Name + ": " + Of(column) + (column.Annotations.Count == 0 ? "" : " {" + string.Join("; ",
                column.Annotations.OrderBy(a => a.Name, StringComparer.Ordinal).Select(a => a.Name + ": " + Of(a))) + "}"));
        return string.Join("\n", lines);
    }

    public static string Of(DataViewType type) => type switch
    {
        VectorDataViewType vector => Of(vector.ItemType) + "[" + (vector.Size == 0 ? "" : string.Join(",", vector.Dimensions)) + "]",
        KeyDataViewType key => "Key" + key.Count + "<" + key.RawType.Name + ">",
        TextDataViewType => "Text",
        _ => type.RawType.Name,
    };

    /// <summary>A function that reads the named column of the row as text, at the row's present position.</summary>
    public static Func<string> Reader(DataViewRow row, DataViewSchema.Column column) =>
        (Func<string>)Call(nameof(MakeReader), column.Type, row, column)!;

    /// <summary>What an estimator is told about the data: ML.NET keeps the method that makes it to itself.</summary>
    public static SchemaShape ShapeOf(DataViewSchema schema) => (SchemaShape)typeof(SchemaShape)
        .GetMethod("Create", BindingFlags.Static | BindingFlags.NonPublic, [typeof(DataViewSchema)])!.Invoke(null, [schema])!;

    private static string Of(SchemaShape.Column column)
    {
        string item = column.ItemType is TextDataViewType ? "Text" : column.ItemType.RawType.Name;
        item = column.IsKey ? "Key<" + item + ">" : item;
        return column.Kind switch
        {
            SchemaShape.Column.VectorKind.Vector => item + "[n]",
            SchemaShape.Column.VectorKind.VariableVector => item + "[]",
            _ => item,
        };
    }

    private static string Of(DataViewSchema.Annotations annotations)
    {
        if (annotations.Schema.Count == 0)
            return "";
        var parts = annotations.Schema.OrderBy(a => a.Name, StringComparer.Ordinal)
            .Select(a => a.Name + "=" + (string)Call(nameof(AnnotationValue), a.Type, annotations, a)!);
        return " {" + string.Join("; ", parts) + "}";
    }

    private static List<DataViewSchema.Column> Chosen(DataViewSchema schema, string[] only) =>
        [.. schema.Where(column => !column.IsHidden && (only.Length == 0 || only.Contains(column.Name)))];

    private static object? Call(string method, DataViewType type, params object[] arguments) =>
        typeof(Text).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type is VectorDataViewType vector ? typeof(VBuffer<>).MakeGenericType(vector.ItemType.RawType) : type.RawType)
            .Invoke(null, arguments);

    private static string AnnotationValue<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        var value = default(T)!;
        annotations.GetGetter<T>(column)(ref value);
        return Value(value);
    }

    private static Func<string> MakeReader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        var value = default(T)!;
        return () =>
        {
            getter(ref value);
            return Value(value);
        };
    }

    private static string Value(object? value) => value switch
    {
        null => "null",
        float number => (number == 0 ? 0 : number).ToString("G6", CultureInfo.InvariantCulture),
        double number => (number == 0 ? 0 : number).ToString("G9", CultureInfo.InvariantCulture),
        ReadOnlyMemory<char> text => text.ToString(),
        _ when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(VBuffer<>) =>
            "[" + string.Join(" ", ((IEnumerable)type.GetMethod("DenseValues")!.Invoke(value, null)!).Cast<object>().Select(Value)) + "]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
