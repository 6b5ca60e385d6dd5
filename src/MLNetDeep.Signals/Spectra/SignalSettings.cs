using System.Text.Json;
using System.Text.Json.Serialization;
using MLNetDeep.Persistence;

namespace MLNetDeep.Signals.Spectra;

/// <summary>All that a transform of signals was told, with defaults filled in; kept in model files.</summary>
internal sealed record SignalSettings(SignalKind Kind, string OutputColumn, string InputColumn, int SampleRate, int FrameLength, int HopLength, int FftLength, MfccOptions Options)
{
    /// <summary>Beyond any use, and small enough that a hostile file asks for no huge tables.</summary>
    public const int MostSamplesInFrame = 1 << 20, MostFrames = 1 << 20, MostNumbers = 1 << 28;

    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter(allowIntegerValues: false) } };

    /// <summary>Frames of samples.</summary>
    public static SignalSettings OfFrames(string output, string input, int frameLength, int? hopLength, SignalWindow window, FramePadding padding, int? frames) =>
        Of(SignalKind.Frames, output, input, 0, new MfccOptions { FrameLength = frameLength, HopLength = hopLength, FftLength = frameLength, Window = window, Padding = padding, Frames = frames });

    /// <summary>Settings of any kind from its options.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public static SignalSettings Of(SignalKind kind, string output, string input, int sampleRate, SpectrogramOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(output, "outputColumnName");
        ArgumentException.ThrowIfNullOrEmpty(input, "inputColumnName");
        SignalSettings settings = new(
            kind,
            output,
            input,
            sampleRate,
            options.FrameLength,
            options.HopLength ?? Math.Max(1, options.FrameLength / 4),
            options.FftLength ?? PowerOfTwo(options.FrameLength),
            Widen(options));
        settings.Check();
        return settings;
    }

    /// <exception cref="InvalidDataException">It is damaged, or not such settings.</exception>
    public static SignalSettings Read(string json) => NeuralNetworkFile.Guarded(() =>
    {
        SignalSettings settings = JsonSerializer.Deserialize<SignalSettings>(json, Json) ?? throw new InvalidDataException("the settings are missing.");
        if (string.IsNullOrEmpty(settings.OutputColumn) || string.IsNullOrEmpty(settings.InputColumn) || settings.Options is null)
            throw new InvalidDataException("the settings are incomplete.");
        settings.Check();
        return settings;
    });

    public string Write() => JsonSerializer.Serialize(this, Json);

    private static int PowerOfTwo(int length) => length is > 0 and <= MostSamplesInFrame ? (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length) : length;

    // What a kind does not use keeps its default.
    private static MfccOptions Widen(SpectrogramOptions options)
    {
        MfccOptions wide = options as MfccOptions ?? new MfccOptions
        {
            FrameLength = options.FrameLength,
            HopLength = options.HopLength,
            FftLength = options.FftLength,
            Window = options.Window,
            Padding = options.Padding,
            Frames = options.Frames,
            Scale = options.Scale,
            TopDecibels = options.TopDecibels,
            RelativeToMaximum = options.RelativeToMaximum,
        };
        return options is MelSpectrogramOptions mel and not MfccOptions
            ? wide with { MelBins = mel.MelBins, MinFrequency = mel.MinFrequency, MaxFrequency = mel.MaxFrequency, MelScale = mel.MelScale, NormalizeArea = mel.NormalizeArea }
            : wide;
    }

    private void Check()
    {
        Require(Enum.IsDefined(Kind) && Enum.IsDefined(Options.Window) && Enum.IsDefined(Options.Padding) && Enum.IsDefined(Options.Scale) && Enum.IsDefined(Options.MelScale), "An option has a value that is none of its names.");
        Require(FrameLength is >= 2 and <= MostSamplesInFrame, $"The frame length is {FrameLength}; expected 2 to {MostSamplesInFrame} samples.");
        Require(HopLength is >= 1 and <= MostSamplesInFrame, $"The hop length is {HopLength}; expected 1 to {MostSamplesInFrame} samples: the distance from one frame to the next.");
        Require(Options.Frames is null or (>= 1 and <= MostFrames), $"The number of frames is {Options.Frames}; expected 1 to {MostFrames}.");
        if (Kind == SignalKind.Frames)
            return;
        Require(FftLength >= FrameLength && FftLength <= MostSamplesInFrame, $"The Fourier transform's length is {FftLength}; expected {FrameLength}, the frame length, to {MostSamplesInFrame}.");
        Require(Options.TopDecibels is null or (> 0 and <= 1e6), $"TopDecibels is {Options.TopDecibels}; expected a positive number, or null for no floor.");
        Require(!Options.RelativeToMaximum || Options.Scale == SpectrumScale.Decibel, $"RelativeToMaximum is for decibels; the scale is {Options.Scale}.");
        if (Kind == SignalKind.Spectrogram)
            return;
        Require(SampleRate is >= 1 and <= Waveform.MostHertz, $"The sample rate is {SampleRate} Hz; expected 1 to {Waveform.MostHertz}.");
        double most = Options.MaxFrequency ?? SampleRate / 2.0;
        Require(most <= SampleRate / 2.0, $"The highest frequency is {most} Hz; a signal of {SampleRate} Hz has none above {SampleRate / 2.0} Hz.");
        Require(Options.MinFrequency >= 0 && Options.MinFrequency < most, $"Frequencies go from {Options.MinFrequency} to {most} Hz; expected 0 or more to something higher.");
        Require(Options.MelBins >= 1 && Options.MelBins <= FftLength / 2 + 1, $"There are {Options.MelBins} mel bins for {FftLength / 2 + 1} bins of the spectrum; expected 1 to that number: use fewer mel bins or a longer FftLength.");
        if (Kind == SignalKind.MelSpectrogram)
            return;
        Require(Options.Scale is SpectrumScale.Decibel or SpectrumScale.Log, $"Cepstral coefficients are of a logarithm; the scale is {Options.Scale}, expected Decibel or Log.");
        Require(Options.Coefficients >= 1 && Options.Coefficients <= Options.MelBins, $"There are {Options.Coefficients} coefficients of {Options.MelBins} mel bins; expected 1 to that number.");
        Require(Options.Deltas is >= 0 and <= 2, $"Deltas is {Options.Deltas}; expected 0, 1 or 2.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new ArgumentException(message);
    }
}
