namespace Microsoft.ML;

/// <summary>A row that moves over the rows of a table.</summary>
public abstract class DataViewRowCursor : DataViewRow
{
    /// <summary>Creates the cursor, before the first row.</summary>
    protected DataViewRowCursor()
    {
    }

    /// <summary>Moves to the next row; false after the last.</summary>
    public abstract bool MoveNext();
}
