using System.Globalization;
using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The conversions between column types.</summary>
internal static class ValueConversion
{
    private static readonly Type[] Signed = [typeof(sbyte), typeof(short), typeof(int), typeof(long)];
    private static readonly Type[] Unsigned = [typeof(byte), typeof(ushort), typeof(uint), typeof(ulong)];
    private static readonly Type[] Real = [typeof(float), typeof(double)];

    /// <summary>The function from one type to another, a <see cref="Func{T, TResult}"/>, or null where there is none.</summary>
    public static Delegate? FindOrNull(Type from, Type to)
    {
        var fromNumber = Signed.Contains(from) || Unsigned.Contains(from) || Real.Contains(from);
        var toNumber = Signed.Contains(to) || Unsigned.Contains(to) || Real.Contains(to);
        if (from == to && (fromNumber || from == typeof(bool) || from == typeof(ReadOnlyMemory<char>)))
            return Make(nameof(Same), from);
        if (from == typeof(ReadOnlyMemory<char>))
            return toNumber || to == typeof(bool) ? Make(nameof(FromText), to) : null;
        if (from == typeof(bool))
            return to == typeof(ReadOnlyMemory<char>) ? (Func<bool, ReadOnlyMemory<char>>)(value => (value ? "True" : "False").AsMemory())
                : Signed.Contains(to) || Real.Contains(to) ? Make(nameof(BooleanToNumber), to)
                : null;
        if (!fromNumber)
            return null;
        if (to == typeof(bool))
            return Make(nameof(NumberToBoolean), from);
        if (to == typeof(ReadOnlyMemory<char>))
            return Make(nameof(NumberToText), from);
        return toNumber && (Real.Contains(to) || (Signed.Contains(from) && Signed.Contains(to)) || (Unsigned.Contains(from) && Unsigned.Contains(to)))
            ? Make(nameof(NumberToNumber), from, to)
            : null;
    }

    /// <summary>A number as text.</summary>
    public static ReadOnlyMemory<char> ToText<T>(T value)
        where T : IFormattable
        => value.ToString(value switch { float => "G7", double => "G17", _ => "D" }, CultureInfo.InvariantCulture).AsMemory();

    /// <summary>Whether a value of a type is a missing one: NaN, empty text, or of a key type the missing key.</summary>
    public static Func<T, bool> IsMissing<T>(PrimitiveDataViewType type)
        => type is KeyDataViewType ? value => EqualityComparer<T>.Default.Equals(value, default)
            : typeof(T) == typeof(float) ? value => float.IsNaN((float)(object)value!)
            : typeof(T) == typeof(double) ? value => double.IsNaN((double)(object)value!)
            : typeof(T) == typeof(ReadOnlyMemory<char>) ? value => ((ReadOnlyMemory<char>)(object)value!).IsEmpty
            : _ => false;

    private static Delegate Make(string method, params Type[] types) => Getters.Call<Delegate>(typeof(ValueConversion), method, types);

    private static Func<T, T> Same<T>() => value => value;

    private static Func<TIn, TOut> NumberToNumber<TIn, TOut>()
        where TIn : INumberBase<TIn>
        where TOut : INumberBase<TOut>
        => TOut.CreateTruncating;

    private static Func<T, bool> NumberToBoolean<T>()
        where T : INumberBase<T>
        => value => !T.IsZero(value);

    private static Func<T, ReadOnlyMemory<char>> NumberToText<T>()
        where T : IFormattable
        => ToText;

    private static Func<bool, T> BooleanToNumber<T>()
        where T : INumberBase<T>
        => value => value ? T.One : T.Zero;

    // Text that is no value is false, NaN or zero; only for signed whole numbers is it an error.
    private static Func<ReadOnlyMemory<char>, T> FromText<T>()
    {
        var parse = FieldParser.For<T>(DataViewTypes.PrimitiveOf(typeof(T)), new TextLoader.Options());
        var strict = Signed.Contains(typeof(T));
        return text => strict || !text.Span.IsWhiteSpace()
            ? parse(text, out var value) ? value
                : strict ? throw new InvalidOperationException($"Value could not be parsed from text to {typeof(T).Name}.")
                : default!
            : default!;
    }
}
