using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Transformers;

/// <summary>A cursor that reads on by a batch of rows at a time, and keeps what else was asked for of them, so that what is computed of all can be given row by row.</summary>
internal sealed class HeldRows
{
    private readonly DataViewRowCursor _rows;
    private readonly Dictionary<int, HeldColumn> _columns;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _positions, _batches;
    private readonly Action<int> _take, _compute;
    private int _count;

    /// <param name="rows">The cursor that is read.</param>
    /// <param name="kept">The columns that are asked for. Where a batch is one row nothing is kept: the cursor stands on it.</param>
    /// <param name="capacity">Rows of a batch.</param>
    /// <param name="take">Reads what is computed with of the row that the cursor stands on, whose place in the batch is given.</param>
    /// <param name="compute">Computes the batch, which has so many rows.</param>
    public HeldRows(DataViewRowCursor rows, IReadOnlyList<DataViewSchema.Column> kept, int capacity, Action<int> take, Action<int> compute)
    {
        (_rows, Capacity, _take, _compute) = (rows, capacity, take, compute);
        _columns = capacity == 1 ? [] : kept.ToDictionary(c => c.Index, c => HeldColumn.Create(rows, c, capacity));
        _idGetter = rows.GetIdGetter();
        _ids = new DataViewRowId[capacity];
        _positions = new long[capacity];
        _batches = new long[capacity];
    }

    public int Capacity { get; }

    /// <summary>The present row's place in its batch.</summary>
    public int Row { get; private set; } = -1;

    public long Position => OnRow ? _positions[Row] : -1;

    public long Batch => OnRow ? _batches[Row] : 0;

    /// <summary><see cref="Row"/>, where there is a row.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public int Index => OnRow ? Row : throw new InvalidOperationException("The cursor is not on a row: call MoveNext, and read while it returns true.");

    private bool OnRow => (uint)Row < (uint)_count;

    public ValueGetter<DataViewRowId> IdGetter() => (ref DataViewRowId value) => value = _ids[Index];

    public ValueGetter<T> Getter<T>(DataViewSchema.Column column)
    {
        if (Capacity == 1)
            return _rows.GetGetter<T>(column);
        return _columns[column.Index].CreateGetter(() => Index) as ValueGetter<T>
            ?? throw new InvalidOperationException($"Column '{column.Name}' has type {column.Type}; a getter of {typeof(T)} was asked for.");
    }

    public bool MoveNext()
    {
        if (++Row < _count)
            return true;
        Row = _count = 0;
        int held = 0;
        while (held < Capacity && _rows.MoveNext())
        {
            foreach (HeldColumn column in _columns.Values)
                column.Hold(held);
            _idGetter(ref _ids[held]);
            _positions[held] = _rows.Position;
            _batches[held] = _rows.Batch;
            _take(held++);
        }

        if (held > 0)
            _compute(held);
        _count = held;
        return held > 0;
    }

    /// <summary>There is no row any more.</summary>
    public void Clear() => _count = 0;
}
