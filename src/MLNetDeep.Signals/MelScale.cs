namespace MLNetDeep.Signals;

/// <summary>How pitch as heard follows from frequency.</summary>
public enum MelScale
{
    /// <summary>Slaney's Auditory Toolbox: even up to 1000 Hz, logarithmic above (librosa's default).</summary>
    Slaney,

    /// <summary>2595 log10(1 + f / 700), as in the HTK toolkit (torchaudio's default).</summary>
    Htk,
}
