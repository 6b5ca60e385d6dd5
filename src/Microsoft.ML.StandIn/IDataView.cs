namespace Microsoft.ML;

/// <summary>A table whose rows are read through cursors, as often as wanted, nothing held in memory by contract.</summary>
public interface IDataView
{
    /// <summary>Whether cursors can give the rows in random order.</summary>
    bool CanShuffle { get; }

    /// <summary>The columns.</summary>
    DataViewSchema Schema { get; }

    /// <summary>The number of rows where it is known without reading them.</summary>
    long? GetRowCount();

    /// <summary>A cursor over the rows.</summary>
    /// <param name="columnsNeeded">The columns that will be read.</param>
    /// <param name="rand">Where given and <see cref="CanShuffle"/>, the rows come in random order.</param>
    DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null);

    /// <summary>Cursors that together give every row once, for reading in parallel.</summary>
    /// <param name="columnsNeeded">The columns that will be read.</param>
    /// <param name="n">How many cursors are wanted; fewer may come.</param>
    /// <param name="rand">As for <see cref="GetRowCursor"/>.</param>
    DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null);
}
