using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A row, or a succession of rows, whose values are read through getters.</summary>
public abstract class DataViewRow : IDisposable
{
    private bool _disposed;

    /// <summary>Creates the row.</summary>
    protected DataViewRow()
    {
    }

    /// <summary>The row's number within what gives it; -1 before the first and after the last.</summary>
    public abstract long Position { get; }

    /// <summary>The batch that the row belongs to: within one cursor of a set it never falls.</summary>
    public abstract long Batch { get; }

    /// <summary>The columns.</summary>
    public abstract DataViewSchema Schema { get; }

    /// <summary>A getter of the row's identity.</summary>
    public abstract ValueGetter<DataViewRowId> GetIdGetter();

    /// <summary>Whether the column's values can be read here.</summary>
    public abstract bool IsColumnActive(DataViewSchema.Column column);

    /// <summary>A getter of a column's values.</summary>
    /// <typeparam name="TValue">The column type's raw type.</typeparam>
    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    /// <summary>Releases what the row holds.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        Dispose(disposing: true);
        _disposed = true;
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the row holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
