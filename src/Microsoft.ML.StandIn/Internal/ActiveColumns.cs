namespace Microsoft.ML;

/// <summary>Which columns of a row or cursor can be read.</summary>
internal static class ActiveColumns
{
    /// <summary>One flag a column, set for those asked for.</summary>
    public static bool[] Of(DataViewSchema schema, IEnumerable<DataViewSchema.Column>? columns)
    {
        var active = new bool[schema.Count];
        foreach (var column in columns ?? [])
        {
            if ((uint)column.Index >= (uint)active.Length)
                throw new InvalidOperationException($"The requested column: {column} is not part of the {nameof(schema)}");
            active[column.Index] = true;
        }
        return active;
    }

    /// <summary>The columns whose flag is set.</summary>
    public static IEnumerable<DataViewSchema.Column> Select(DataViewSchema schema, bool[] active)
        => schema.Where(column => active[column.Index]);

    /// <summary>Whether a column of the schema has its flag set.</summary>
    public static bool Has(DataViewSchema schema, bool[] active, DataViewSchema.Column column)
        => (uint)column.Index < (uint)active.Length && active[column.Index] && schema[column.Index].Name == column.Name;

    /// <summary>Throws unless the column is one that can be read.</summary>
    public static void Check(DataViewSchema schema, bool[] active, DataViewSchema.Column column)
    {
        if (!Has(schema, active, column))
            throw new ArgumentOutOfRangeException(nameof(column), "requested column not active");
    }

    /// <summary>The getter as one of the asked type, or an error that says both types.</summary>
    public static ValueGetter<TValue> Cast<TValue>(Delegate getter, DataViewSchema.Column column)
        => getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Invalid TValue in GetGetter for column #{column.Name}: {column.Type}: '{typeof(TValue)}', expected type: '{column.Type.RawType}'.");
}
