using System.Globalization;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Rows;

/// <summary>
/// A column of sequences: vectors of unknown size, of keys or of Int32. Keys become ids as Keras's TextVectorization gives them: 0 is
/// left to padding, 1 is the missing key, which ML.NET gives to tokens that were not there when the keys were found, and key k is k + 1.
/// Int32 are ids themselves.
/// </summary>
internal static class TokenColumn
{
    /// <summary>Ids before those of keys: padding, and the unknown token.</summary>
    public const int Reserved = 2;

    /// <summary>The id of padding, the id of an unknown token.</summary>
    public const int Padding = 0, Unknown = 1;

    /// <summary>The tokens of the present row as ids; good until the next call.</summary>
    public delegate ReadOnlySpan<int> Reader();

    /// <summary>Whether a column of a type is one.</summary>
    public static bool Is(DataViewType type) => type is VectorDataViewType { Size: 0 } vector && IsToken(vector.ItemType);

    /// <summary>Whether values of a type are tokens.</summary>
    public static bool IsToken(DataViewType item) =>
        item == NumberDataViewType.Int32 || item is KeyDataViewType && (item.RawType == typeof(uint) || item.RawType == typeof(ushort) || item.RawType == typeof(byte));

    /// <summary>Number of ids that a column's tokens may have; null if its type does not say.</summary>
    public static int? Ids(DataViewType item, int reserved = Reserved) => item is KeyDataViewType key ? (int)Math.Min(key.Count + (ulong)reserved, int.MaxValue) : null;

    /// <summary>Makes a reader over a row or cursor.</summary>
    public static Reader Bind(DataViewRow row, DataViewSchema.Column column)
    {
        DataViewType item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        return item is not KeyDataViewType ? Bind<int>(row, column, v => v)
            : item.RawType == typeof(uint) ? Bind<uint>(row, column, v => (int)Math.Min(v, int.MaxValue - 1) + 1)
            : item.RawType == typeof(ushort) ? Bind<ushort>(row, column, v => v + 1)
            : Bind<byte>(row, column, v => v + 1);
    }

    /// <summary>Looks at all rows for the longest sequence.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="name">The column.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its number of tokens, and how many rows have each number.</returns>
    public static (int Longest, SortedDictionary<int, long> Rows) Measure(IDataView data, string name, CancellationToken cancellation)
    {
        DataViewSchema.Column column = ColumnRef.Find(data.Schema, name, "feature");
        SortedDictionary<int, long> rows = [];
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        Reader read = Bind(cursor, column);
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            int length = read().Length;
            rows[length] = rows.GetValueOrDefault(length) + 1;
        }

        return (rows.Count == 0 ? 0 : rows.Keys.Last(), rows);
    }

    /// <summary>A message about a token that the network does not know.</summary>
    public static InvalidOperationException OutOfRange(string column, int slot, int id, long position, int known) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The column '{column}' has the token id {id} at place {slot} in data row {position + 1}, but the network's embedding knows the ids 0 to {known - 1}."));

    /// <summary>A message about columns whose sequences should be equally long.</summary>
    public static InvalidOperationException Unequal(string first, int firstLength, string second, int secondLength, long position) =>
        new($"The column '{first}' has {firstLength} tokens in data row {position + 1}, but the column '{second}' {secondLength}; each token needs one of the other.");

    private static Reader Bind<T>(DataViewRow row, DataViewSchema.Column column, Func<T, int> convert)
        where T : struct, INumber<T>
    {
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> buffer = default;
        int[] ids = [];
        int missing = convert(default);
        return () =>
        {
            getter(ref buffer);
            if (ids.Length < buffer.Length)
                ids = new int[Math.Max(buffer.Length, 2 * ids.Length)];
            Span<int> span = ids.AsSpan(0, buffer.Length);
            ReadOnlySpan<T> values = buffer.GetValues();
            if (buffer.IsDense)
            {
                for (int i = 0; i < values.Length; i++)
                    span[i] = convert(values[i]);
                return span;
            }

            span.Fill(missing);
            ReadOnlySpan<int> places = buffer.GetIndices();
            for (int i = 0; i < values.Length; i++)
                span[places[i]] = convert(values[i]);
            return span;
        };
    }
}
