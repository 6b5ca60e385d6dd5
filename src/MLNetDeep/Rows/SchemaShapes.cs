using Microsoft.ML;

namespace MLNetDeep.Rows;

/// <summary>Shapes of schemas.</summary>
internal static class SchemaShapes
{
    /// <summary>A shape with more columns, each in the place of one of its name.</summary>
    public static SchemaShape WithColumns(this SchemaShape shape, params IEnumerable<SchemaShape.Column> added)
    {
        Dictionary<string, SchemaShape.Column> columns = [];
        foreach (SchemaShape.Column column in shape.Concat(added))
            columns[column.Name] = column;
        return new SchemaShape(columns.Values);
    }
}
