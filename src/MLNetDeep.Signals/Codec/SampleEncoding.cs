namespace MLNetDeep.Signals.Codec;

/// <summary>How a sample is written.</summary>
internal enum SampleEncoding
{
    /// <summary>One byte; silence is 128.</summary>
    Unsigned,

    /// <summary>Two's complement, one to four bytes.</summary>
    Signed,

    /// <summary>IEEE floating point, four or eight bytes.</summary>
    Float,
}
