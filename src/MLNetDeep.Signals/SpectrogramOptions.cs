namespace MLNetDeep.Signals;

/// <summary>How a spectrogram is taken. Names and defaults are librosa's.</summary>
public record SpectrogramOptions
{
    /// <summary>Samples that are looked at at once: the window's length, librosa's <c>win_length</c>. Default 2048. A sound's pitch needs about 0.05 seconds, speech 0.025.</summary>
    public int FrameLength { get; init; } = 2048;

    /// <summary>Samples from one frame to the next. Default null: a quarter of <see cref="FrameLength"/>.</summary>
    public int? HopLength { get; init; }

    /// <summary>
    /// Points of the Fourier transform, librosa's <c>n_fft</c>: the spectrum has half of them and one more bins. A longer one than the frame stands evenly to both sides of it, with zeros.
    /// Default null: the smallest power of two that is not less than <see cref="FrameLength"/>. Powers of two are the fastest.
    /// </summary>
    public int? FftLength { get; init; }

    /// <summary>What frames are multiplied by. Default <see cref="SignalWindow.Hann"/>.</summary>
    public SignalWindow Window { get; init; } = SignalWindow.Hann;

    /// <summary>What stands before and behind the signal. Default <see cref="FramePadding.Zeros"/>.</summary>
    public FramePadding Padding { get; init; } = FramePadding.Zeros;

    /// <summary>Number of frames: later ones are cut off, missing ones are as of silence. Default null: as many as the signal has, whose length must then be known from its column.</summary>
    public int? Frames { get; init; }

    /// <summary>What the numbers are. Default <see cref="SpectrumScale.Power"/>.</summary>
    public SpectrumScale Scale { get; init; } = SpectrumScale.Power;

    /// <summary>In decibels, numbers that are lower than the signal's highest less this are raised to it, librosa's <c>top_db</c>. Default 80; null: none are.</summary>
    public double? TopDecibels { get; init; } = 80;

    /// <summary>Whether decibels are relative to the signal's highest, which is then 0 (librosa's <c>ref=np.max</c>): how loud it is no longer matters. Default false: relative to 1.</summary>
    public bool RelativeToMaximum { get; init; }
}
