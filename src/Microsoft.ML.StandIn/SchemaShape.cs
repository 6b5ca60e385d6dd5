using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What is known of a schema before any data is seen: names and kinds of columns, not sizes.</summary>
public sealed partial class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private readonly Column[] _columns;

    /// <summary>Creates a shape of its columns.</summary>
    public SchemaShape(IEnumerable<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = [.. columns];
        if (_columns.Any(c => !c.IsValid))
            throw new ArgumentException("Some items are not initialized properly.", nameof(columns));
    }

    /// <summary>The number of columns.</summary>
    public int Count => _columns.Length;

    /// <summary>The column at an index.</summary>
    public Column this[int index] => _columns[index];

    /// <summary>The columns.</summary>
    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The shape of a schema's visible columns.</summary>
    internal static SchemaShape Create(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new(schema.Where(c => !c.IsHidden).Select(column =>
        {
            GetColumnTypeShape(column.Type, out var kind, out var itemType, out var isKey);
            var annotations = new SchemaShape(column.Annotations.Schema.Select(annotation =>
            {
                GetColumnTypeShape(annotation.Type, out var annotationKind, out var annotationType, out var annotationIsKey);
                return new Column(annotation.Name, annotationKind, annotationType, annotationIsKey);
            }));
            return new Column(column.Name, kind, itemType, isKey, annotations);
        }));
    }

    /// <summary>Takes a column type apart. A key's item type is the number type that stores it.</summary>
    internal static void GetColumnTypeShape(DataViewType type, out Column.VectorKind vecKind, out DataViewType itemType, out bool isKey)
    {
        vecKind = Column.VectorKind.Scalar;
        itemType = type;
        if (type is VectorDataViewType vector)
        {
            vecKind = vector.IsKnownSize ? Column.VectorKind.Vector : Column.VectorKind.VariableVector;
            itemType = vector.ItemType;
        }
        isKey = itemType is KeyDataViewType;
        if (isKey)
            itemType = DataViewTypes.PrimitiveOf(itemType.RawType);
    }

    internal bool TryFindColumn(string name, out Column column)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        column = _columns.FirstOrDefault(c => c.Name == name);
        return column.IsValid;
    }
}
