using System.Globalization;
using Microsoft.ML;

namespace MLNetDeep.Generation.Tabular;

/// <summary>Reads the cells of a row of a table.</summary>
internal sealed class TableReader
{
    private readonly DataViewRow _row;
    private readonly TableColumn[] _columns;
    private readonly CellCodec.Reader[] _readers;

    /// <param name="row">The row or cursor, in which the columns are active.</param>
    /// <param name="columns">The columns.</param>
    public TableReader(DataViewRow row, TableColumn[] columns)
    {
        (_row, _columns) = (row, columns);
        _readers = [.. columns.Select(c => c.Codec.Bind(row, c.In(row.Schema), c.Texts))];
    }

    /// <summary>Puts the cells of all slots of all columns of the present row into a span.</summary>
    /// <exception cref="InvalidOperationException">A number is infinite.</exception>
    public void Read(Span<double> cells)
    {
        int at = 0;
        for (int c = 0; c < _columns.Length; c++)
        {
            Span<double> own = cells.Slice(at, _columns[c].Size);
            _readers[c](own);
            for (int slot = 0; slot < own.Length; slot++)
            {
                if (double.IsInfinity(own[slot]))
                {
                    throw new InvalidOperationException(string.Create(
                        CultureInfo.InvariantCulture, $"The column '{_columns[c].SlotName(slot)}' is {own[slot]} in data row {_row.Position + 1}, expected a number, or NaN where it is missing."));
                }
            }

            at += own.Length;
        }
    }
}
