using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A row over one object at a time.</summary>
internal sealed class ObjectRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly ObjectColumns<TRow>.Holder _current = new();
    private readonly Delegate[] _getters;
    private long _position = -1;

    public ObjectRow(ObjectColumns<TRow> columns)
    {
        Schema = columns.Schema;
        _getters = [.. Enumerable.Range(0, Schema.Count).Select(i => columns.MakeGetter(i, _current))];
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    /// <summary>Takes an object; a new position tells those above that values have changed.</summary>
    public void Set(TRow row)
    {
        _current.Value = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column)
        => (uint)column.Index < (uint)_getters.Length && Schema[column.Index].Name == column.Name;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => IsColumnActive(column)
            ? ActiveColumns.Cast<TValue>(_getters[column.Index], column)
            : throw new ArgumentOutOfRangeException(nameof(column));

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)_position, 0);
}
