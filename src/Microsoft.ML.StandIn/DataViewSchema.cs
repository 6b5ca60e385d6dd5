using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The columns of a table: their names, types and annotations. A later column hides earlier ones of the same name.</summary>
public sealed partial class DataViewSchema : IReadOnlyList<DataViewSchema.Column>
{
    private readonly Column[] _columns;
    private readonly Dictionary<string, int> _byName;

    private DataViewSchema(DetachedColumn[] columns)
    {
        _byName = new(columns.Length, StringComparer.Ordinal);
        for (var i = 0; i < columns.Length; i++)
            _byName[columns[i].Name] = i;
        _columns = new Column[columns.Length];
        for (var i = 0; i < columns.Length; i++)
            _columns[i] = new(columns[i].Name, i, _byName[columns[i].Name] != i, columns[i].Type, columns[i].Annotations);
    }

    /// <summary>The number of columns, hidden ones included.</summary>
    public int Count => _columns.Length;

    /// <summary>The visible column of this name.</summary>
    public Column this[string name]
    {
        get
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            return _byName.TryGetValue(name, out var index)
                ? _columns[index]
                : throw new ArgumentOutOfRangeException(nameof(name), $"Column '{name}' not found");
        }
    }

    /// <summary>The column at an index.</summary>
    public Column this[int columnIndex]
        => (uint)columnIndex < (uint)_columns.Length ? _columns[columnIndex] : throw new ArgumentOutOfRangeException(nameof(columnIndex));

    /// <summary>The visible column of this name, or null.</summary>
    public Column? GetColumnOrNull(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _byName.TryGetValue(name, out var index) ? _columns[index] : null;
    }

    /// <summary>The columns in order, hidden ones included.</summary>
    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"{_columns.Length} columns";
}
