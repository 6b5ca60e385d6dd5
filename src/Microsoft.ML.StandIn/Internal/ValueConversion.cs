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
    private static readonly string[] TrueWords = ["1", "+", "t", "true", "y", "yes"];

    /// <summary>The function from one type to another, a <see cref="Func{T, TResult}"/>, or null where there is none.</summary>
    public static Delegate? FindOrNull(Type from, Type to)
    {
        var fromNumber = Signed.Contains(from) || Unsigned.Contains(from) || Real.Contains(from);
        var toNumber = Signed.Contains(to) || Unsigned.Contains(to) || Real.Contains(to);
        if (from == to && (fromNumber || from == typeof(bool) || from == typeof(ReadOnlyMemory<char>)))
            return Make(nameof(Same), from);
        if (from == typeof(ReadOnlyMemory<char>))
            return to == typeof(bool) ? (Func<ReadOnlyMemory<char>, bool>)(text => ParseBoolean(text.Span))
                : Real.Contains(to) ? Make(nameof(TextToReal), to)
                : Signed.Contains(to) ? Make(nameof(TextToSigned), to)
                : Unsigned.Contains(to) ? Make(nameof(TextToUnsigned), to)
                : null;
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

    private static Func<ReadOnlyMemory<char>, T> TextToReal<T>()
        where T : IFloatingPointIeee754<T>
        => text => text.Span.IsWhiteSpace() ? T.Zero
            : T.TryParse(text.Span, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) ? value
            : T.NaN;

    private static Func<ReadOnlyMemory<char>, T> TextToSigned<T>()
        where T : INumberBase<T>
        => text =>
        {
            var value = T.Zero;
            var digits = text.Span.StartsWith("-") ? text.Span[1..] : text.Span;
            if (!text.IsEmpty && (digits.ContainsAnyExceptInRange('0', '9') || !T.TryParse(text.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)))
                throw new InvalidOperationException($"Value could not be parsed from text to {typeof(T).Name}.");
            return value;
        };

    private static Func<ReadOnlyMemory<char>, T> TextToUnsigned<T>()
        where T : INumberBase<T>
        => text => T.TryParse(text.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : T.Zero;

    private static bool ParseBoolean(ReadOnlySpan<char> text)
    {
        foreach (var word in TrueWords)
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }
}
