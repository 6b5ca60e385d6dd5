namespace MLNetDeep.Signals;

/// <summary>What the numbers of a spectrum are.</summary>
public enum SpectrumScale
{
    /// <summary>The absolute value of the transform (librosa's <c>power=1</c>).</summary>
    Magnitude,

    /// <summary>Its square (<c>power=2</c>).</summary>
    Power,

    /// <summary>Decibels of the power: 10 log10(max(power, 1e-10)), as librosa's <c>power_to_db</c>.</summary>
    Decibel,

    /// <summary>The natural logarithm of power + 1e-6, as torchaudio's <c>log_mels</c>.</summary>
    Log,
}
