namespace MLNetDeep.Signals.Spectra;

/// <summary>The tables of a transform of signals: made once, read by any number of threads.</summary>
internal sealed class SignalPlan
{
    public SignalPlan(SignalSettings settings)
    {
        Settings = settings;
        MfccOptions options = settings.Options;
        int span = settings.Kind == SignalKind.Frames ? settings.FrameLength : settings.FftLength;
        Framing = new(span, settings.HopLength, options.Padding, options.Frames);
        Window = new double[span];
        MakeWindow(options.Window, Window.AsSpan((span - settings.FrameLength) / 2, settings.FrameLength));
        if (settings.Kind >= SignalKind.MelSpectrogram)
            Filters = new(settings.SampleRate, span, options.MelBins, options.MinFrequency, options.MaxFrequency ?? settings.SampleRate / 2.0, options.MelScale, options.NormalizeArea);
        if (settings.Kind == SignalKind.Mfcc)
            Cosines = MakeCosines(options.Coefficients, options.MelBins);
        Bins = settings.Kind switch
        {
            SignalKind.Frames => span,
            SignalKind.Spectrogram => span / 2 + 1,
            SignalKind.MelSpectrogram => options.MelBins,
            _ => options.Coefficients * (1 + options.Deltas),
        };
    }

    public SignalSettings Settings { get; }

    public Framing Framing { get; }

    /// <summary>Numbers of a frame.</summary>
    public int Bins { get; }

    /// <summary>What a frame is multiplied by.</summary>
    public double[] Window { get; }

    public MelFilters? Filters { get; }

    /// <summary>The orthonormal cosine transform, a row for each coefficient.</summary>
    public double[][] Cosines { get; } = [];

    /// <summary>The dimensions of the column of signals of so many samples.</summary>
    /// <exception cref="ArgumentException">They cannot be cut into frames, or make too many numbers.</exception>
    public (int Frames, int Bins) Dimensions(int samples, string column)
    {
        if (Framing.Fault(samples) is { } fault)
            throw new ArgumentException($"The signal column '{column}' cannot be cut into frames: {fault}.");
        int frames = Framing.Count(samples);
        return (long)frames * Bins <= SignalSettings.MostNumbers
            ? (frames, Bins)
            : throw new ArgumentException($"The signal column '{column}' makes {frames} frames of {Bins} numbers, more than {SignalSettings.MostNumbers} in a row.");
    }

    private static void MakeWindow(SignalWindow kind, Span<double> window)
    {
        (double a, double b, double c) = kind switch
        {
            SignalWindow.Hann => (0.5, 0.5, 0.0),
            SignalWindow.Hamming => (0.54, 0.46, 0.0),
            SignalWindow.Blackman => (0.42, 0.5, 0.08),
            _ => (1.0, 0.0, 0.0),
        };
        for (int i = 0; i < window.Length; i++)
        {
            double angle = 2 * Math.PI * i / window.Length;
            window[i] = a - b * Math.Cos(angle) + c * Math.Cos(2 * angle);
        }
    }

    private static double[][] MakeCosines(int coefficients, int bins) => [.. Enumerable.Range(0, coefficients).Select(k => Enumerable.Range(0, bins)
        .Select(m => Math.Sqrt((k == 0 ? 1.0 : 2.0) / bins) * Math.Cos(Math.PI * k * (2 * m + 1) / (2.0 * bins))).ToArray())];
}
