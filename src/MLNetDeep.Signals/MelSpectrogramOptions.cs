namespace MLNetDeep.Signals;

/// <summary>How a mel spectrogram is taken. Names and defaults are librosa's.</summary>
public record MelSpectrogramOptions : SpectrogramOptions
{
    /// <summary>Number of mel bins, librosa's <c>n_mels</c>. Default 128. Each must hold a bin of the spectrum.</summary>
    public int MelBins { get; init; } = 128;

    /// <summary>Where the lowest bin begins, in Hz. Default 0.</summary>
    public double MinFrequency { get; init; }

    /// <summary>Where the highest bin ends, in Hz. Default null: half the sample rate, which is also the most.</summary>
    public double? MaxFrequency { get; init; }

    /// <summary>The scale on which bins are even. Default <see cref="MelScale.Slaney"/>.</summary>
    public MelScale MelScale { get; init; } = MelScale.Slaney;

    /// <summary>Whether bins are divided by their width in Hz, so that all have the same area (<c>norm="slaney"</c>). Default true; otherwise their highest weight is 1.</summary>
    public bool NormalizeArea { get; init; } = true;
}
