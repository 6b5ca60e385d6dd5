namespace Microsoft.ML.Data;

/// <summary>
/// One of a known number of things. The stored value is 0 for a missing key and one more than the thing's index otherwise.
/// </summary>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    /// <summary>Creates a key type over an unsigned integer type.</summary>
    /// <param name="type">Byte, UInt16, UInt32 or UInt64.</param>
    /// <param name="count">How many different keys there are.</param>
    public KeyDataViewType(Type type, ulong count)
        : base(type)
    {
        if (!IsValidDataType(type))
            throw new ArgumentOutOfRangeException(nameof(type), "Type is not valid, it must be Byte, UInt16, UInt32, or UInt64.");
        if (count == 0 || count > MaxCount(type))
            throw new ArgumentOutOfRangeException(nameof(count),
                $"The cardinality of a {nameof(KeyDataViewType)} must not exceed {type.Name}.MaxValue and must be strictly positive, but got {count}.");
        Count = count;
    }

    /// <summary>Creates a key type over an unsigned integer type.</summary>
    /// <param name="type">Byte, UInt16, UInt32 or UInt64.</param>
    /// <param name="count">How many different keys there are.</param>
    public KeyDataViewType(Type type, int count)
        : this(type, count < 0 ? 0 : (ulong)count)
    {
    }

    /// <summary>How many different keys there are.</summary>
    public ulong Count { get; }

    /// <summary>Whether keys can be stored as this type.</summary>
    public static bool IsValidDataType(Type type)
        => type == typeof(uint) || type == typeof(ulong) || type == typeof(ushort) || type == typeof(byte);

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other)
        => other is KeyDataViewType key && key.RawType == RawType && key.Count == Count;

    /// <inheritdoc/>
    public override bool Equals(object? other) => other is DataViewType type && Equals(type);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RawType, Count);

    /// <inheritdoc/>
    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";

    private static ulong MaxCount(Type type)
        => type == typeof(byte) ? byte.MaxValue
            : type == typeof(ushort) ? ushort.MaxValue
            : type == typeof(uint) ? uint.MaxValue
            : ulong.MaxValue;
}
