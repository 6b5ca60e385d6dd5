namespace Microsoft.ML.Data;

/// <summary>The columns that the members of a class stand for; may be changed before data is loaded or read.</summary>
public sealed partial class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    /// <summary>The column of this name, or null.</summary>
    public Column? this[string columnName]
    {
        get => Find(c => c.ColumnName == columnName);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.ColumnName != columnName)
                throw new ArgumentException($"The column's name is '{value.ColumnName}', not '{columnName}'.", nameof(columnName));
            var index = FindIndex(c => c.ColumnName == columnName);
            if (index >= 0)
                this[index] = value;
            else
                Add(value);
        }
    }

    /// <summary>The columns that a class declares by its members and their attributes.</summary>
    /// <param name="userType">The class.</param>
    /// <param name="direction">Whether it is to be read, written or both.</param>
    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        ArgumentNullException.ThrowIfNull(userType);
        var definition = new SchemaDefinition();
        foreach (var member in RowMember.Of(userType, direction))
        {
            if (definition[member.ColumnName] is not null)
                throw new ArgumentOutOfRangeException(nameof(userType), $"Duplicate column name '{member.ColumnName}' detected, this is disallowed");
            definition.Add(new Column(member.Name, member.DeclaredType()) { ColumnName = member.ColumnName });
        }
        return definition;
    }
}
