using Microsoft.ML;

namespace MLNetDeep.Transformers;

/// <summary>What a transformer computes of the row that a row or cursor stands on: once a row, when it is first asked for.</summary>
internal abstract class RowComputation(DataViewRow row) : IDisposable
{
    private long? _computed;

    /// <summary>A <see cref="ValueGetter{TValue}"/> of an added column.</summary>
    public abstract Delegate CreateGetter(string column);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Computes what the getters give.</summary>
    protected abstract void Compute();

    /// <summary>Sees to it that the present row has been computed.</summary>
    protected void Prepare()
    {
        if (_computed == row.Position)
            return;
        Compute();
        _computed = row.Position;
    }
}
