namespace MLNetDeep.Signals;

/// <summary>How samples are written to a WAV file.</summary>
public enum WavFormat
{
    /// <summary>Integers of 16 bits; what is beyond -1 and 1 is cut off.</summary>
    Pcm16,

    /// <summary>Floating point of 32 bits: as they are.</summary>
    Float32,
}
