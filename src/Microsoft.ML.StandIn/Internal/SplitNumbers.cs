using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Numbers from 0 to 1 by which rows are assigned to parts: the same for each reading of a table.</summary>
internal static class SplitNumbers
{
    /// <summary>A number for every row, by its place; or by the value of a key column, NaN where that is missing.</summary>
    public static Func<double> Over(DataViewRow row, DataViewSchema.Column? key, int seed)
    {
        var salt = Mix((ulong)(uint)seed + 0x9E3779B97F4A7C15);
        if (key is not { } column)
        {
            var place = 0UL;
            return () => ToUnit(Mix(salt ^ Mix(place++)));
        }
        var hash = MakeHash(row, column);
        return () => hash() is { } value ? ToUnit(Mix(salt ^ value)) : double.NaN;
    }

    private static Func<ulong?> MakeHash(DataViewRow row, DataViewSchema.Column column)
    {
        var isVector = column.Type is VectorDataViewType;
        var isKey = DataViewTypes.ItemTypeOf(column.Type) is KeyDataViewType;
        return (Func<ulong?>)typeof(SplitNumbers)
            .GetMethod(isVector ? nameof(HashVector) : nameof(HashScalar), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(DataViewTypes.ItemTypeOf(column.Type).RawType)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [row, column, isKey], null)!;
    }

    private static Func<ulong?> HashScalar<T>(DataViewRow row, DataViewSchema.Column column, bool isKey)
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return Hash(value, isKey);
        };
    }

    private static Func<ulong?> HashVector<T>(DataViewRow row, DataViewSchema.Column column, bool isKey)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            var hash = (ulong)value.Length;
            foreach (var item in value.DenseValues())
            {
                if (Hash(item, isKey) is not { } part)
                    return null;
                hash = Mix((hash * 31) + part);
            }
            return hash;
        };
    }

    // Null for missing values. Not .NET's own hash codes, which differ by process.
    private static ulong? Hash<T>(T value, bool isKey) => value switch
    {
        float v => float.IsNaN(v) ? null : Mix(BitConverter.SingleToUInt32Bits(v + 0f)),
        double v => double.IsNaN(v) ? null : Mix(BitConverter.DoubleToUInt64Bits(v + 0d)),
        ReadOnlyMemory<char> v => v.IsEmpty ? null : HashText(v.Span),
        bool v => Mix(v ? 1UL : 0),
        byte v => HashUnsigned(v, isKey),
        ushort v => HashUnsigned(v, isKey),
        uint v => HashUnsigned(v, isKey),
        ulong v => HashUnsigned(v, isKey),
        sbyte v => Mix((ulong)v),
        short v => Mix((ulong)v),
        int v => Mix((ulong)v),
        long v => Mix((ulong)v),
        DateTime v => Mix((ulong)v.Ticks),
        DateTimeOffset v => Mix((ulong)v.UtcTicks),
        TimeSpan v => Mix((ulong)v.Ticks),
        DataViewRowId v => Mix(v.Low) ^ v.High,
        _ => throw new NotSupportedException($"Rows cannot be grouped by values of {typeof(T)}."),
    };

    private static ulong? HashUnsigned(ulong value, bool isKey) => value == 0 && isKey ? null : Mix(value);

    private static ulong HashText(ReadOnlySpan<char> text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var c in text)
            hash = (hash ^ c) * 0x100000001B3;
        return Mix(hash);
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static double ToUnit(ulong value) => (value >> 11) * (1.0 / (1UL << 53));
}
