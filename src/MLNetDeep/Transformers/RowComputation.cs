using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;

namespace MLNetDeep.Transformers;

/// <summary>What a transformer computes of the row that a row or cursor stands on: once a row, when it is first asked for.</summary>
internal abstract class RowComputation(DataViewRow row) : IDisposable
{
    private long? _computed;

    /// <summary>A <see cref="ValueGetter{TValue}"/> of an added column.</summary>
    public abstract Delegate CreateGetter(string column);

    /// <summary>Is called once, by the row or cursor.</summary>
    public virtual void Dispose()
    {
    }

    /// <summary>Computes what the getters give.</summary>
    protected abstract void Compute();

    /// <summary>A getter of numbers that <see cref="Compute"/> puts into <paramref name="values"/>.</summary>
    protected ValueGetter<VBuffer<float>> Vector(float[] values) => (ref VBuffer<float> target) =>
    {
        Prepare();
        Vectors.Set(ref target, values);
    };

    /// <summary>Sees to it that the present row has been computed.</summary>
    protected void Prepare()
    {
        if (_computed == row.Position)
            return;
        Compute();
        _computed = row.Position;
    }
}
