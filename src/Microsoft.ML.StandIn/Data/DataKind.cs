namespace Microsoft.ML.Data;

/// <summary>The kinds of values that loaders and conversions can be asked for.</summary>
public enum DataKind : byte
{
    /// <summary>Signed 8-bit integer.</summary>
    SByte = 1,

    /// <summary>Unsigned 8-bit integer.</summary>
    Byte = 2,

    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 3,

    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16 = 4,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 5,

    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32 = 6,

    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 7,

    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64 = 8,

    /// <summary>32-bit floating point.</summary>
    Single = 9,

    /// <summary>64-bit floating point.</summary>
    Double = 10,

    /// <summary>Text.</summary>
    String = 11,

    /// <summary>True or false.</summary>
    Boolean = 12,

    /// <summary>A length of time.</summary>
    TimeSpan = 13,

    /// <summary>A date with a time of day.</summary>
    DateTime = 14,

    /// <summary>A date with a time of day and its offset from UTC.</summary>
    DateTimeOffset = 15,
}
