using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Reads single columns.</summary>
public static class ColumnCursorExtensions
{
    /// <summary>The values of a column, read as they are enumerated.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.GetColumn<T>(data.Schema[columnName]);
    }

    /// <summary>
    /// The values of a column, read as they are enumerated; text may be read as strings, vectors as arrays.
    /// </summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        ArgumentNullException.ThrowIfNull(data);
        var item = DataViewTypes.ItemTypeOf(column.Type).RawType;
        if (column.Type.RawType == typeof(T))
            return column.Type is VectorDataViewType ? Call(nameof(Buffers), item) : Plain<T>(data, column);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)Strings(data, column);
        if (typeof(T) == typeof(string[]) && column.Type is VectorDataViewType { ItemType: TextDataViewType })
            return (IEnumerable<T>)StringArrays(data, column);
        if (typeof(T) == item.MakeArrayType() && column.Type is VectorDataViewType)
            return Call(nameof(Arrays), item);
        throw new ArgumentOutOfRangeException(nameof(column),
            $"Cannot map column (name: {column.Name}, type: {column.Type}) in data to the user-defined type, {typeof(T)}.");

        IEnumerable<T> Call(string method, Type itemType)
            => (IEnumerable<T>)typeof(ColumnCursorExtensions).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(itemType).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [data, column], null)!;
    }

    private static IEnumerable<T> Plain<T>(IDataView data, DataViewSchema.Column column)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<T>(column);
        while (cursor.MoveNext())
        {
            T value = default!;
            getter(ref value);
            yield return value;
        }
    }

    private static IEnumerable<VBuffer<T>> Buffers<T>(IDataView data, DataViewSchema.Column column) => Plain<VBuffer<T>>(data, column);

    private static IEnumerable<T[]> Arrays<T>(IDataView data, DataViewSchema.Column column)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            var array = new T[value.Length];
            value.CopyTo(array.AsSpan());
            yield return array;
        }
    }

    private static IEnumerable<string> Strings(IDataView data, DataViewSchema.Column column)
        => Plain<ReadOnlyMemory<char>>(data, column).Select(text => text.ToString());

    private static IEnumerable<string[]> StringArrays(IDataView data, DataViewSchema.Column column)
        => Arrays<ReadOnlyMemory<char>>(data, column).Select(texts => Array.ConvertAll(texts, text => text.ToString()));
}
