using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Transformers;

/// <summary>Keeps the values that a column has in several rows, for a cursor that has read on.</summary>
internal abstract class HeldColumn
{
    /// <summary>Keeps the value of the row that the source stands on.</summary>
    /// <param name="index">Where.</param>
    public abstract void Hold(int index);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of the value that is kept where <paramref name="index"/> says.</summary>
    public abstract Delegate CreateGetter(Func<int> index);

    /// <summary>Whether values can be kept: numbers, texts, keys and vectors of them. Others (images) belong to who reads them.</summary>
    public static bool CanHold(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType { ItemType: PrimitiveDataViewType };

    /// <summary>Room for the values of <paramref name="rows"/> rows.</summary>
    public static HeldColumn Create(DataViewRow source, DataViewSchema.Column column, int rows)
    {
        Type type = column.Type is VectorDataViewType vector
            ? typeof(Vectors<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(Values<>).MakeGenericType(column.Type.RawType);
        return (HeldColumn)Activator.CreateInstance(type, source, column, rows)!;
    }

    private sealed class Values<T>(DataViewRow source, DataViewSchema.Column column, int rows) : HeldColumn
    {
        private readonly ValueGetter<T> _getter = source.GetGetter<T>(column);
        private readonly T[] _values = new T[rows];

        public override void Hold(int index) => _getter(ref _values[index]);

        public override Delegate CreateGetter(Func<int> index) => (ValueGetter<T>)((ref T value) => value = _values[index()]);
    }

    private sealed class Vectors<T>(DataViewRow source, DataViewSchema.Column column, int rows) : HeldColumn
    {
        private readonly ValueGetter<VBuffer<T>> _getter = source.GetGetter<VBuffer<T>>(column);
        private readonly VBuffer<T>[] _values = new VBuffer<T>[rows];

        public override void Hold(int index) => _getter(ref _values[index]);

        public override Delegate CreateGetter(Func<int> index) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[index()].CopyTo(ref value));
    }
}
