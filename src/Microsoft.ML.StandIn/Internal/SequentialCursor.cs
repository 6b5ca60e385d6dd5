using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>
/// Base of cursors that make their rows themselves, one after the other: keeps the position and the getters of the active
/// columns. Derive, call <see cref="SetGetters"/> in the constructor, and move in <see cref="MoveNextCore"/>.
/// </summary>
internal abstract class SequentialCursor(DataViewSchema schema, bool[] active) : DataViewRowCursor
{
    private readonly Delegate?[] _getters = new Delegate?[schema.Count];
    private long _position = -1;
    private bool _ended;

    public sealed override DataViewSchema Schema => schema;

    public sealed override long Position => _ended ? -1 : _position;

    public override long Batch => 0;

    public sealed override bool MoveNext()
    {
        if (_ended)
            return false;
        if (MoveNextCore())
        {
            _position++;
            return true;
        }
        _ended = true;
        return false;
    }

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => ActiveColumns.Has(schema, active, column);

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ActiveColumns.Check(schema, active, column);
        return ActiveColumns.Cast<TValue>(_getters[column.Index]!, column);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter()
        => (ref DataViewRowId value) =>
        {
            CheckOnRow();
            value = new((ulong)_position, 0);
        };

    /// <summary>Whether a column's getter will be asked for.</summary>
    protected bool IsActive(int column) => active[column];

    /// <summary>Makes the getters of the active columns.</summary>
    protected void SetGetters(Func<int, Delegate> make)
    {
        for (var i = 0; i < _getters.Length; i++)
            if (active[i])
                _getters[i] = make(i);
    }

    /// <summary>Moves; false after the last row.</summary>
    protected abstract bool MoveNextCore();

    /// <summary>Throws before the first row and after the last.</summary>
    protected void CheckOnRow()
    {
        if (Position < 0)
            throw new InvalidOperationException("The cursor is not on a row.");
    }
}
