using System.Globalization;
using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Turns the text of fields into values.</summary>
internal static class FieldParser
{
    private const NumberStyles Real = NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite;

    /// <summary>Parses a field; empty ones give the missing value. False where the text is no such value.</summary>
    public delegate bool Parse<T>(ReadOnlyMemory<char> text, out T value);

    /// <summary>The parser of a type.</summary>
    public static Parse<T> For<T>(PrimitiveDataViewType type, TextLoader.Options options)
    {
        Delegate parser = type switch
        {
            KeyDataViewType key => Key<T>(key.Count),
            TextDataViewType => (Parse<ReadOnlyMemory<char>>)((text, out value) => { value = text; return true; }),
            BooleanDataViewType => (Parse<bool>)Boolean,
            DateTimeDataViewType => (Parse<DateTime>)((text, out value) => Optional(text, out value)
                || DateTime.TryParse(text.Span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value)),
            DateTimeOffsetDataViewType => (Parse<DateTimeOffset>)((text, out value) => Optional(text, out value)
                || DateTimeOffset.TryParse(text.Span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value)),
            TimeSpanDataViewType => (Parse<TimeSpan>)((text, out value) => Optional(text, out value)
                || TimeSpan.TryParse(text.Span, CultureInfo.InvariantCulture, out value)),
            _ when typeof(T) == typeof(float) => ParseReal<float>(options),
            _ when typeof(T) == typeof(double) => ParseReal<double>(options),
            _ when typeof(T) == typeof(sbyte) => (Parse<sbyte>)Integer,
            _ when typeof(T) == typeof(byte) => (Parse<byte>)Integer,
            _ when typeof(T) == typeof(short) => (Parse<short>)Integer,
            _ when typeof(T) == typeof(ushort) => (Parse<ushort>)Integer,
            _ when typeof(T) == typeof(int) => (Parse<int>)Integer,
            _ when typeof(T) == typeof(uint) => (Parse<uint>)Integer,
            _ when typeof(T) == typeof(long) => (Parse<long>)Integer,
            _ when typeof(T) == typeof(ulong) => (Parse<ulong>)Integer,
            _ => throw new NotSupportedException($"Columns of type {type} cannot be loaded from text."),
        };
        return (Parse<T>)parser;
    }

    private static bool Optional<T>(ReadOnlyMemory<char> text, out T value)
    {
        value = default!;
        return text.IsEmpty;
    }

    // What is no number is NaN, not an error: that is how missing values are written, in whatever way.
    private static Parse<T> ParseReal<T>(TextLoader.Options options)
        where T : struct, IBinaryFloatingPointIeee754<T>
        => (text, out value) =>
        {
            if (text.IsEmpty)
            {
                value = options.MissingRealsAsNaNs ? T.NaN : T.Zero;
                return true;
            }
            var span = text.Span.Trim();
            var unsigned = span.StartsWith("-") ? span[1..] : span;
            if (unsigned is "∞" or "Infinity")
                value = unsigned.Length == span.Length ? T.PositiveInfinity : T.NegativeInfinity;
            else if (unsigned.ContainsAnyInRange('0', '9') && TryReal(span, options.DecimalMarker, out T parsed))
                value = parsed;
            else
                value = T.NaN;
            return true;
        };

    private static bool TryReal<T>(ReadOnlySpan<char> text, char decimalMarker, out T value)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (decimalMarker == '.')
            return T.TryParse(text, Real, CultureInfo.InvariantCulture, out value);
        value = default;
        return !text.Contains('.')
            && T.TryParse(text.ToString().Replace(decimalMarker, '.'), Real, CultureInfo.InvariantCulture, out value);
    }

    private static bool Integer<T>(ReadOnlyMemory<char> text, out T value)
        where T : struct, IBinaryInteger<T>
        => Optional(text, out value)
            || (text.Span[0] != '+' && T.TryParse(text.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));

    // What is no key, or beyond the last one, is a missing key.
    private static Delegate Key<T>(ulong count)
    {
        if (typeof(T) == typeof(byte))
            return MakeKey<byte>(count);
        if (typeof(T) == typeof(ushort))
            return MakeKey<ushort>(count);
        return typeof(T) == typeof(uint) ? MakeKey<uint>(count) : MakeKey<ulong>(count);
    }

    private static Parse<TKey> MakeKey<TKey>(ulong count)
        where TKey : struct, IBinaryInteger<TKey>
        => (text, out value) =>
        {
            var known = ulong.TryParse(text.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count;
            value = known ? TKey.CreateTruncating(index + 1) : TKey.Zero;
            return true;
        };

    private static bool Boolean(ReadOnlyMemory<char> text, out bool value)
    {
        value = false;
        if (text.Length > 5)
            return false;
        switch (text.ToString().ToUpperInvariant())
        {
            case "1" or "+1" or "+" or "T" or "Y" or "TRUE" or "YES":
                value = true;
                return true;
            case "" or "0" or "-1" or "-" or "F" or "N" or "FALSE" or "NO":
                return true;
            default:
                return false;
        }
    }
}
