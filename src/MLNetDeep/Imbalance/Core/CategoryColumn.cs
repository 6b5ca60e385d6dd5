using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;

namespace MLNetDeep.Imbalance.Core;

/// <summary>A column of categories: a key, a text or a Boolean.</summary>
internal static class CategoryColumn
{
    /// <summary>A number for each different value, in some rows.</summary>
    /// <param name="data">The data.</param>
    /// <param name="name">The column.</param>
    /// <param name="rows">The rows, rising.</param>
    /// <exception cref="ArgumentException">There is no such column, or it is none of categories.</exception>
    public static int[] Read(IDataView data, string name, int[] rows)
    {
        DataViewSchema.Column column = ColumnRef.Find(data.Schema, name, "categorical");
        if (column.Type is not (KeyDataViewType or TextDataViewType or BooleanDataViewType))
            throw new ArgumentException($"The categorical column '{name}' has type {column.Type}, expected a key, a text or a Boolean: make a key of it with Conversion.MapValueToKey(\"{name}\").");
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        Func<string> reader = column.Type is TextDataViewType ? Reader<ReadOnlyMemory<char>>(cursor, column)
            : column.Type is BooleanDataViewType ? Reader<bool>(cursor, column)
            : column.Type.RawType == typeof(byte) ? Reader<byte>(cursor, column)
            : column.Type.RawType == typeof(ushort) ? Reader<ushort>(cursor, column)
            : column.Type.RawType == typeof(uint) ? Reader<uint>(cursor, column)
            : Reader<ulong>(cursor, column);
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        int[] codes = new int[rows.Length];
        int at = 0;
        for (int row = 0; at < rows.Length && cursor.MoveNext(); row++)
        {
            if (row != rows[at])
                continue;
            string value = reader();
            if (!known.TryGetValue(value, out int code))
                known.Add(value, code = known.Count);
            codes[at++] = code;
        }

        return codes;
    }

    private static Func<string> Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return value!.ToString()!;
        };
    }
}
