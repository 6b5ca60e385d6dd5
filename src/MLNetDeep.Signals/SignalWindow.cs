namespace MLNetDeep.Signals;

/// <summary>What frames are multiplied by. All are periodic, as spectra ask: the value behind the last is the first.</summary>
public enum SignalWindow
{
    /// <summary>1 everywhere.</summary>
    Rectangular,

    /// <summary>0.5 - 0.5 cos(2πn/N).</summary>
    Hann,

    /// <summary>0.54 - 0.46 cos(2πn/N).</summary>
    Hamming,

    /// <summary>0.42 - 0.5 cos(2πn/N) + 0.08 cos(4πn/N).</summary>
    Blackman,
}
