namespace Microsoft.ML.Data;

/// <summary>A row's 128-bit identity: stable over cursors, whatever the order of the rows.</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    /// <summary>The low 64 bits.</summary>
    public readonly ulong Low;

    /// <summary>The high 64 bits.</summary>
    public readonly ulong High;

    /// <summary>Creates an identity of its two halves.</summary>
    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    /// <summary>An identity that depends on both.</summary>
    public DataViewRowId Combine(DataViewRowId other)
        => new(Mix(Low ^ (other.Low * 0x9E3779B97F4A7C15)), Mix(High + (other.High ^ 0xC2B2AE3D27D4EB4F) + other.Low));

    /// <summary>An identity derived from this one, far from <see cref="Next"/>.</summary>
    public DataViewRowId Fork() => new(Mix(Low ^ 0xD6E8FEB86659FD93), Mix(High ^ Low));

    /// <summary>Another identity derived from this one.</summary>
    public DataViewRowId Next() => new(Mix(Low + 0x9E3779B97F4A7C15), High ^ Low);

    /// <inheritdoc/>
    public int CompareTo(DataViewRowId other)
    {
        var high = High.CompareTo(other.High);
        return high != 0 ? high : Low.CompareTo(other.Low);
    }

    /// <inheritdoc/>
    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DataViewRowId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Low, High);

    /// <inheritdoc/>
    public override string ToString() => $"{High:x16}{Low:x16}";

    private static ulong Mix(ulong value)
    {
        value ^= value >> 30;
        value *= 0xBF58476D1CE4E5B9;
        value ^= value >> 27;
        value *= 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
