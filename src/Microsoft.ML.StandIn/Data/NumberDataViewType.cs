namespace Microsoft.ML.Data;

/// <summary>A number of one of ten widths and kinds.</summary>
public sealed class NumberDataViewType : PrimitiveDataViewType
{
    private NumberDataViewType(Type rawType)
        : base(rawType)
    {
    }

    /// <summary>Signed 8-bit integer.</summary>
    public static NumberDataViewType SByte { get; } = new(typeof(sbyte));

    /// <summary>Unsigned 8-bit integer.</summary>
    public static NumberDataViewType Byte { get; } = new(typeof(byte));

    /// <summary>Signed 16-bit integer.</summary>
    public static NumberDataViewType Int16 { get; } = new(typeof(short));

    /// <summary>Unsigned 16-bit integer.</summary>
    public static NumberDataViewType UInt16 { get; } = new(typeof(ushort));

    /// <summary>Signed 32-bit integer.</summary>
    public static NumberDataViewType Int32 { get; } = new(typeof(int));

    /// <summary>Unsigned 32-bit integer.</summary>
    public static NumberDataViewType UInt32 { get; } = new(typeof(uint));

    /// <summary>Signed 64-bit integer.</summary>
    public static NumberDataViewType Int64 { get; } = new(typeof(long));

    /// <summary>Unsigned 64-bit integer.</summary>
    public static NumberDataViewType UInt64 { get; } = new(typeof(ulong));

    /// <summary>32-bit floating point.</summary>
    public static NumberDataViewType Single { get; } = new(typeof(float));

    /// <summary>64-bit floating point.</summary>
    public static NumberDataViewType Double { get; } = new(typeof(double));

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override string ToString() => RawType.Name;
}
