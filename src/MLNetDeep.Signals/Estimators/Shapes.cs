using Microsoft.ML;

namespace MLNetDeep.Signals.Estimators;

/// <summary>Shapes of schemas.</summary>
internal static class Shapes
{
    /// <summary>A shape with one more column, in the place of one of its name.</summary>
    public static SchemaShape With(SchemaShape shape, SchemaShape.Column added)
    {
        Dictionary<string, SchemaShape.Column> columns = [];
        foreach (SchemaShape.Column column in shape)
            columns[column.Name] = column;
        columns[added.Name] = added;
        return new SchemaShape(columns.Values);
    }
}
