using System.Globalization;

namespace MLNetDeep.Graphs;

/// <summary>The value of a node's attribute: one of the kinds that TensorFlow's AttrValue has and this library needs.</summary>
public sealed class AttributeValue : IEquatable<AttributeValue>
{
    private readonly object _value;

    private AttributeValue(object value) => _value = value;

    /// <summary>The boxed value: int, float, bool, string, int[], float[], <see cref="Graphs.Shape"/> or <see cref="Graphs.DType"/>.</summary>
    internal object Value => _value;

    /// <summary>Wraps an integer.</summary>
    public static implicit operator AttributeValue(int value) => new(value);

    /// <summary>Wraps a number.</summary>
    public static implicit operator AttributeValue(float value) => new(value);

    /// <summary>Wraps a truth value.</summary>
    public static implicit operator AttributeValue(bool value) => new(value);

    /// <summary>Wraps a text.</summary>
    public static implicit operator AttributeValue(string value) => new(value);

    /// <summary>Wraps a list of integers.</summary>
    public static implicit operator AttributeValue(int[] value) => new(value);

    /// <summary>Wraps a list of numbers.</summary>
    public static implicit operator AttributeValue(float[] value) => new(value);

    /// <summary>Wraps a shape.</summary>
    public static implicit operator AttributeValue(Shape value) => new(value);

    /// <summary>Wraps an element type.</summary>
    public static implicit operator AttributeValue(DType value) => new(value);

    /// <inheritdoc/>
    public bool Equals(AttributeValue? other) => other is not null && (_value, other._value) switch
    {
        (int[] a, int[] b) => a.AsSpan().SequenceEqual(b),
        // By bits, so that NaN equals itself and 0 differs from -0.
        (float[] a, float[] b) => System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(a).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(b)),
        (float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b),
        var (a, b) => a.Equals(b),
    };

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AttributeValue);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        switch (_value)
        {
            case int[] ints:
                foreach (int i in ints)
                    hash.Add(i);
                break;
            case float[] floats:
                foreach (float f in floats)
                    hash.Add(f);
                break;
            default:
                hash.Add(_value);
                break;
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => _value switch
    {
        int[] ints => $"[{string.Join(", ", ints)}]",
        float[] floats => $"[{string.Join(", ", floats.Select(f => f.ToString(CultureInfo.InvariantCulture)))}]",
        _ => string.Format(CultureInfo.InvariantCulture, "{0}", _value),
    };
}
