namespace MLNetDeep.Signals;

/// <summary>How mel-frequency cepstral coefficients are taken. Names and defaults are librosa's, but <see cref="Deltas"/>, which are torchaudio's.</summary>
public sealed record MfccOptions : MelSpectrogramOptions
{
    /// <summary>Coefficients of the mel spectrogram in decibels.</summary>
    public MfccOptions() => Scale = SpectrumScale.Decibel;

    /// <summary>Number of coefficients, librosa's <c>n_mfcc</c>; at most <see cref="MelSpectrogramOptions.MelBins"/>. Default 20.</summary>
    public int Coefficients { get; init; } = 20;

    /// <summary>How often the change in time is appended, 0 to 2: with 1 each frame has its coefficients and their slopes over five frames, with 2 also the slopes of those. Default 0.</summary>
    public int Deltas { get; init; }
}
