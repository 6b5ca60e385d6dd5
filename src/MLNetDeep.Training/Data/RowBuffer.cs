using System.Runtime.InteropServices;
using MLNetDeep.Graphs;

namespace MLNetDeep.Training.Data;

/// <summary>Room for rows, column by column.</summary>
public sealed class RowBuffer
{
    private readonly Array[] _columns;

    /// <summary>Room for <paramref name="capacity"/> rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column would have more elements than an array can.</exception>
    public RowBuffer(IReadOnlyList<RowColumn> columns, int capacity)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Columns = columns;
        _columns = new Array[columns.Count];
        Resize(capacity);
    }

    /// <summary>What a row consists of.</summary>
    public IReadOnlyList<RowColumn> Columns { get; }

    /// <summary>Number of rows there is room for.</summary>
    public int Capacity { get; private set; }

    /// <summary>Bytes of one row.</summary>
    public static long RowBytes(IReadOnlyList<RowColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return columns.Sum(c => (long)c.Size * sizeof(float));
    }

    /// <summary>The elements of <paramref name="count"/> rows from <paramref name="row"/> on.</summary>
    /// <typeparam name="T">float or int, as the column's type says.</typeparam>
    public Span<T> Rows<T>(int column, int row, int count = 1)
        where T : unmanaged
    {
        int size = Columns[column].Size;
        return ((T[])_columns[column]).AsSpan(checked(row * size), checked(count * size));
    }

    /// <summary>Copies a row of another buffer of the same columns.</summary>
    public void CopyRow(RowBuffer from, int fromRow, int toRow)
    {
        ArgumentNullException.ThrowIfNull(from);
        for (int column = 0; column < Columns.Count; column++)
            from.Bits(column, fromRow).CopyTo(Bits(column, toRow));
    }

    /// <summary>Makes room for another number of rows; those that stay keep their values.</summary>
    public void Resize(int capacity)
    {
        for (int i = 0; i < _columns.Length; i++)
        {
            long length = (long)capacity * Columns[i].Size;
            if (length > Array.MaxLength)
                throw new ArgumentOutOfRangeException(nameof(capacity), capacity, $"{capacity} rows of column '{Columns[i].Name}' have {length} elements, more than the {Array.MaxLength} that fit: use a smaller shuffle buffer or batch.");
            Array column = Columns[i].DType == DType.Int32 ? new int[length] : new float[length];
            if (_columns[i] is { } old)
                Array.Copy(old, column, Math.Min(old.Length, column.Length));
            _columns[i] = column;
        }

        Capacity = capacity;
    }

    private Span<int> Bits(int column, int row) => Columns[column].DType == DType.Int32
        ? Rows<int>(column, row)
        : MemoryMarshal.Cast<float, int>(Rows<float>(column, row));
}
