using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Tests.Support;

/// <summary>Schemas as text, to compare and to read.</summary>
internal static class Schemas
{
    /// <summary>The shape that an estimator before ours would promise for data of a schema. ML.NET keeps the method to itself.</summary>
    public static SchemaShape Shape(DataViewSchema schema) => (SchemaShape)typeof(SchemaShape)
        .GetMethod("Create", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!.Invoke(null, [schema])!;

    /// <summary>A line for each visible column: name, type, annotations with their values.</summary>
    public static string[] Describe(DataViewSchema schema, bool values = true) => [.. schema.Where(c => !c.IsHidden).Select(c => $"{c.Name}: {c.Type} {Annotations(c, values)}")];

    /// <summary>The annotations of a column by name: type, and value as text.</summary>
    public static string Annotations(DataViewSchema.Column column, bool values = true) => "{" + string.Join(", ", column.Annotations.Schema
        .OrderBy(a => a.Name, StringComparer.Ordinal)
        .Select(a => values ? $"{a.Name}: {a.Type} = {Value(column.Annotations, a)}" : $"{a.Name}: {a.Type}")) + "}";

    public static T Annotation<T>(DataViewSchema.Column column, string name)
    {
        T value = default!;
        column.Annotations.GetValue(name, ref value);
        return value;
    }

    public static string[] Texts(DataViewSchema.Column column, string name) =>
        [.. Annotation<VBuffer<ReadOnlyMemory<char>>>(column, name).DenseValues().Select(v => v.ToString())];

    /// <summary>Checks that a schema has what a shape promised: each column with its kind, type and annotations.</summary>
    public static void Keeps(SchemaShape promised, DataViewSchema given)
    {
        Assert.Equal(given.Where(c => !c.IsHidden).Select(c => c.Name).Order(), promised.Select(c => c.Name).Order());
        SchemaShape actual = Shape(given);
        foreach (SchemaShape.Column column in promised)
            Assert.Equal(Text(column), Text(actual.Single(c => c.Name == column.Name)));
    }

    private static string Text(SchemaShape.Column column) =>
        $"{column.Name}: {column.Kind} {column.ItemType} {(column.IsKey ? "key " : "")}{{{string.Join(", ", column.Annotations.OrderBy(a => a.Name, StringComparer.Ordinal).Select(Text))}}}";

    private static string Value(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        MethodInfo read = typeof(Schemas).GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (string)read.MakeGenericMethod(annotation.Type.RawType).Invoke(null, [annotations, annotation.Name])!;
    }

    private static string Read<T>(DataViewSchema.Annotations annotations, string name)
    {
        T value = default!;
        annotations.GetValue(name, ref value);
        return value switch
        {
            VBuffer<ReadOnlyMemory<char>> texts => string.Join('|', texts.DenseValues()),
            VBuffer<float> numbers => string.Join('|', numbers.DenseValues()),
            VBuffer<int> numbers => string.Join('|', numbers.DenseValues()),
            VBuffer<bool> flags => string.Join('|', flags.DenseValues()),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value?.ToString() ?? "",
        };
    }
}
