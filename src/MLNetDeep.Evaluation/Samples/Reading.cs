using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;

namespace MLNetDeep.Evaluation.Samples;

/// <summary>Readers of single columns, with messages that help.</summary>
internal static class Reading
{
    /// <summary>A reader of a number; Boolean is 1 or 0, a key its index from 0, and NaN stands for a missing one.</summary>
    /// <exception cref="ArgumentException">The column holds something else.</exception>
    public static Func<double> Number(DataViewRow row, DataViewSchema.Column column, string role) => column.Type switch
    {
        BooleanDataViewType => From<bool>(row, column, v => v ? 1 : 0),
        KeyDataViewType => Key(row, column),
        NumberDataViewType when column.Type.RawType == typeof(float) => From<float>(row, column, v => v),
        NumberDataViewType when column.Type.RawType == typeof(double) => From<double>(row, column, v => v),
        NumberDataViewType when column.Type.RawType == typeof(int) => From<int>(row, column, v => v),
        NumberDataViewType when column.Type.RawType == typeof(long) => From<long>(row, column, v => v),
        NumberDataViewType when column.Type.RawType == typeof(byte) => From<byte>(row, column, v => v),
        NumberDataViewType when column.Type.RawType == typeof(sbyte) => From<sbyte>(row, column, v => v),
        NumberDataViewType when column.Type.RawType == typeof(short) => From<short>(row, column, v => v),
        NumberDataViewType when column.Type.RawType == typeof(ushort) => From<ushort>(row, column, v => v),
        NumberDataViewType when column.Type.RawType == typeof(uint) => From<uint>(row, column, v => v),
        NumberDataViewType when column.Type.RawType == typeof(ulong) => From<ulong>(row, column, v => v),
        _ => throw new ArgumentException($"The {role} column '{column.Name}' has type {column.Type}; expected a Boolean, a number or a key."),
    };

    /// <summary>Whether <see cref="Number"/> can read a column.</summary>
    public static bool IsNumber(DataViewType type) => type is BooleanDataViewType or KeyDataViewType or NumberDataViewType;

    /// <summary>A reader of a value as text.</summary>
    public static Func<string> Text(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType && KeyNames.Of(column) is { } names)
        {
            Func<double> key = Key(row, column);
            return () => key() is var k && k >= 0 && k < names.Count ? names.Names[(int)k] : "";
        }

        if (column.Type is TextDataViewType)
        {
            ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> text = default;
            return () =>
            {
                getter(ref text);
                return text.ToString();
            };
        }

        if (column.Type is BooleanDataViewType)
        {
            Func<double> flag = Number(row, column, "text");
            return () => flag() > 0 ? "True" : "False";
        }

        if (IsNumber(column.Type))
        {
            Func<double> number = Number(row, column, "text");
            return () => number().ToString("G7", CultureInfo.InvariantCulture);
        }

        return (Func<string>)typeof(Reading).GetMethod(nameof(Other), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column])!;
    }

    /// <summary>A reader of a vector of Single, dense.</summary>
    /// <exception cref="ArgumentException">The column holds something else.</exception>
    public static Func<float[]> Vector(DataViewRow row, DataViewSchema.Column column, string role)
    {
        if (column.Type is not VectorDataViewType { ItemType: NumberDataViewType item } || item.RawType != typeof(float))
            throw new ArgumentException($"The {role} column '{column.Name}' has type {column.Type}; expected a vector of Single.");
        ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> vector = default;
        return () =>
        {
            getter(ref vector);
            float[] values = new float[vector.Length];
            vector.CopyTo(values);
            return values;
        };
    }

    /// <summary>The names of a key's values or a vector's slots; null where there are none.</summary>
    public static IReadOnlyList<string>? Names(DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType)
            return KeyNames.Of(column)?.Names;
        if (!column.HasSlotNames())
            return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private static Func<double> From<T>(DataViewRow row, DataViewSchema.Column column, Func<T, double> convert)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }

    private static Func<double> Key(DataViewRow row, DataViewSchema.Column column)
    {
        // 0 is the missing key.
        Type type = column.Type.RawType;
        return type == typeof(byte) ? From<byte>(row, column, v => Index(v))
            : type == typeof(ushort) ? From<ushort>(row, column, v => Index(v))
            : type == typeof(uint) ? From<uint>(row, column, v => Index(v))
            : From<ulong>(row, column, Index);

        static double Index(ulong key) => key == 0 ? double.NaN : key - 1;
    }

    private static Func<string> Other<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value?.ToString() ?? "";
        };
    }
}
