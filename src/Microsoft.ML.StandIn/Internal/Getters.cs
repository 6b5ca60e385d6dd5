using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Makes getters, also of types that are known only when the program runs.</summary>
internal static class Getters
{
    /// <summary>Calls a private or public static generic method of <paramref name="holder"/> with type arguments known at run time.</summary>
    public static TResult Call<TResult>(Type holder, string method, Type[] types, params object?[] arguments)
        => (TResult)holder.GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .MakeGenericMethod(types)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;

    /// <summary>The row's own getter of a column, whatever its type.</summary>
    public static Delegate Of(DataViewRow row, DataViewSchema.Column column)
        => Call<Delegate>(typeof(Getters), nameof(OfTyped), [column.Type.RawType], row, column);

    /// <summary>A getter that maps each item of a vector, or the one value of a scalar column.</summary>
    /// <param name="row">The row that holds the column.</param>
    /// <param name="column">The column.</param>
    /// <param name="map">Gives the new item of a slot's index (0 for a scalar) and its item.</param>
    /// <param name="keepsDefaults">Whether default items become default items in every slot, so that sparse vectors stay sparse.</param>
    public static Delegate Map<TIn, TOut>(DataViewRow row, DataViewSchema.Column column, Func<int, TIn, TOut> map, bool keepsDefaults)
    {
        if (column.Type is VectorDataViewType)
            return MapVector(row.GetGetter<VBuffer<TIn>>(column), map, keepsDefaults);
        var getter = row.GetGetter<TIn>(column);
        TIn value = default!;
        return (ValueGetter<TOut>)((ref TOut destination) =>
        {
            getter(ref value);
            destination = map(0, value);
        });
    }

    /// <summary>A getter that gives a copy of the same vector every time.</summary>
    public static ValueGetter<VBuffer<T>> Constant<T>(T[] values)
        => (ref VBuffer<T> destination) => new VBuffer<T>(values.Length, values).CopyTo(ref destination);

    private static ValueGetter<T> OfTyped<T>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<T>(column);

    private static ValueGetter<VBuffer<TOut>> MapVector<TIn, TOut>(ValueGetter<VBuffer<TIn>> getter, Func<int, TIn, TOut> map, bool keepsDefaults)
    {
        VBuffer<TIn> source = default;
        return (ref VBuffer<TOut> destination) =>
        {
            getter(ref source);
            var values = source.GetValues();
            var indices = source.GetIndices();
            if (source.IsDense)
            {
                var editor = VBufferEditor.Create(ref destination, source.Length);
                for (var i = 0; i < values.Length; i++)
                    editor.Values[i] = map(i, values[i]);
                destination = editor.Commit();
            }
            else if (keepsDefaults)
            {
                var editor = VBufferEditor.Create(ref destination, source.Length, values.Length);
                indices.CopyTo(editor.Indices);
                for (var i = 0; i < values.Length; i++)
                    editor.Values[i] = map(indices[i], values[i]);
                destination = editor.Commit();
            }
            else
            {
                var editor = VBufferEditor.Create(ref destination, source.Length);
                for (int i = 0, next = 0; i < source.Length; i++)
                {
                    var isExplicit = next < indices.Length && indices[next] == i;
                    editor.Values[i] = map(i, isExplicit ? values[next] : default!);
                    next += isExplicit ? 1 : 0;
                }
                destination = editor.Commit();
            }
        };
    }
}
