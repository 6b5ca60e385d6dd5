using Microsoft.ML;

namespace MLNetDeep.Rows;

/// <summary>Finds columns, with messages that help.</summary>
internal static class ColumnRef
{
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, string role) => schema.GetColumnOrNull(name) ?? throw Missing(name, role, schema.Select(c => c.Name));

    /// <exception cref="ArgumentException">There is no such column.</exception>
    public static SchemaShape.Column Find(SchemaShape schema, string name, string role)
    {
        foreach (SchemaShape.Column column in schema)
        {
            if (column.Name == name)
                return column;
        }

        throw Missing(name, role, schema.Select(c => c.Name));
    }

    private static ArgumentException Missing(string name, string role, IEnumerable<string> names) =>
        new($"The {role} column '{name}' is not in the data. Columns there are: {string.Join(", ", names.Distinct().Select(n => $"'{n}'"))}.");
}
