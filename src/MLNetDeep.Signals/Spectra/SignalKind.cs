namespace MLNetDeep.Signals.Spectra;

/// <summary>How far a signal is taken; each is a step behind the one before.</summary>
internal enum SignalKind
{
    Frames,
    Spectrogram,
    MelSpectrogram,
    Mfcc,
}
