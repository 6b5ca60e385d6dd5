using MLNetDeep.Signals;
using MLNetDeep.Signals.Estimators;
using MLNetDeep.Signals.Spectra;
using MLNetDeep.Signals.Transformers;

#pragma warning disable IDE0130 // Beside ML.NET's own transforms, as its conventions ask.
namespace Microsoft.ML;

/// <summary>
/// Adds signals of a fixed rate (sounds, vibrations, any sensor) to ML.NET's transforms: sound files as columns of samples, and such columns as frames, spectrograms, mel
/// spectrograms and cepstral coefficients. Conventions and defaults are librosa's, which PyTorch's and torchaudio's equal but for what is said.
/// </summary>
/// <remarks>
/// The columns made are vectors of Single with the dimensions frames and bins: pictures of height and width for <c>Network.Input(frames, bins, 1)</c>, sequences for
/// <c>Network.Input(frames, bins)</c>. Frame i has its middle at sample i · hop, unless the padding is <see cref="FramePadding.None"/>.
/// Numbers are computed in double precision. A sample that is NaN or infinite is an error that names row and sample.
/// </remarks>
public static class SignalCatalog
{
    /// <summary>
    /// The samples of sound files: WAV (integers of 8, 16, 24 or 32 bits, floating point of 32 or 64) and AIFF or AIFC (the same, in either order of bytes), mixed down to one
    /// channel and brought to one sample rate.
    /// </summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Name of the column to add: a vector of Single, from -1 to 1 where the file has integers.</param>
    /// <param name="inputColumnName">Name of the column (text) of paths.</param>
    /// <param name="soundFolder">The folder that paths are in; null for whole paths. It is kept in a saved model.</param>
    /// <param name="sampleRate">Samples a second; files of another rate are resampled, without aliases, as <see cref="Waveform.Resample"/> does.</param>
    /// <param name="seconds">The length of every sound: longer ones are cut off at the end, shorter ones filled with zeros. Default null: vectors of any length, as long as the sounds are.</param>
    /// <param name="onBadSound">What is done about files that cannot be read. Default: an error that names file and row.</param>
    /// <exception cref="System.ArgumentException">A column has no name, or the rate or length is out of range.</exception>
    /// <example>
    /// <code>
    /// var pipeline = ml.Transforms.LoadSounds("Sound", "Path", "recordings", sampleRate: 16000, seconds: 1)
    ///     .Append(ml.Transforms.MelSpectrogram("Mel", "Sound", 16000, new() { FrameLength = 400, HopLength = 160, MelBins = 40, Scale = SpectrumScale.Decibel }))
    ///     .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
    ///     .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Network.Input(101, 40).Gru(64).ClassOutput(), "Label", "Mel"));
    /// </code>
    /// </example>
    public static SoundLoadingEstimator LoadSounds(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        string? soundFolder,
        int sampleRate,
        double? seconds = null,
        OnBadSound onBadSound = OnBadSound.Error)
    {
        System.ArgumentNullException.ThrowIfNull(catalog);
        return new(SoundSettings.Create(outputColumnName, inputColumnName, soundFolder, sampleRate, seconds, onBadSound));
    }

    /// <summary>Overlapping frames of a signal, each multiplied by a window.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Name of the column to add: a vector of Single of the dimensions frames and <paramref name="frameLength"/>.</param>
    /// <param name="inputColumnName">Name of the column of signals, a vector of Single. Default null: that of the output.</param>
    /// <param name="frameLength">Samples of a frame, 2 or more.</param>
    /// <param name="hopLength">Samples from one frame to the next. Default null: a quarter of a frame.</param>
    /// <param name="window">What frames are multiplied by. Default: nothing, <see cref="SignalWindow.Rectangular"/>.</param>
    /// <param name="padding">What stands before and behind the signal. Default <see cref="FramePadding.None"/>.</param>
    /// <param name="frames">Number of frames: later ones are cut off, missing samples are 0. Default null: as many as the signal has, whose length must then be known from its column.</param>
    /// <exception cref="System.ArgumentException">A value is out of range.</exception>
    public static SignalEstimator FrameSignal(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        int frameLength = 2048,
        int? hopLength = null,
        SignalWindow window = SignalWindow.Rectangular,
        FramePadding padding = FramePadding.None,
        int? frames = null)
    {
        System.ArgumentNullException.ThrowIfNull(catalog);
        return new(SignalSettings.OfFrames(outputColumnName, inputColumnName ?? outputColumnName, frameLength, hopLength, window, padding, frames));
    }

    /// <summary>How strong each frequency is at each time: the short-time Fourier transform's power (<c>librosa.stft</c>, <c>torchaudio.transforms.Spectrogram</c>).</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Name of the column to add: a vector of Single of the dimensions frames and <c>FftLength / 2 + 1</c>. Bin k is at k / FftLength of the sample rate.</param>
    /// <param name="inputColumnName">Name of the column of signals, a vector of Single. Default null: that of the output.</param>
    /// <param name="options">Frames, window and scale. Default null: all defaults.</param>
    /// <exception cref="System.ArgumentException">A value is out of range.</exception>
    public static SignalEstimator Spectrogram(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, SpectrogramOptions? options = null)
    {
        System.ArgumentNullException.ThrowIfNull(catalog);
        return new(SignalSettings.Of(SignalKind.Spectrogram, outputColumnName, inputColumnName ?? outputColumnName, 0, options ?? new()));
    }

    /// <summary>A spectrogram in bins that are as wide as the ear hears them (<c>librosa.feature.melspectrogram</c>, <c>torchaudio.transforms.MelSpectrogram</c>).</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Name of the column to add: a vector of Single of the dimensions frames and <c>MelBins</c>.</param>
    /// <param name="inputColumnName">Name of the column of signals, a vector of Single.</param>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="options">Frames, window, bins and scale. Default null: all defaults. For torchaudio's: <c>MelScale.Htk</c>, <c>NormalizeArea = false</c>, <c>FramePadding.Reflect</c>.</param>
    /// <exception cref="System.ArgumentException">A value is out of range, or a mel bin holds no bin of the spectrum.</exception>
    public static SignalEstimator MelSpectrogram(this TransformsCatalog catalog, string outputColumnName, string inputColumnName, int sampleRate, MelSpectrogramOptions? options = null)
    {
        System.ArgumentNullException.ThrowIfNull(catalog);
        return new(SignalSettings.Of(SignalKind.MelSpectrogram, outputColumnName, inputColumnName, sampleRate, options ?? new()));
    }

    /// <summary>
    /// Mel-frequency cepstral coefficients: the orthonormal cosine transform (DCT-II) of the mel spectrogram's logarithm, which says the shape of the spectrum in few numbers
    /// (Davis and Mermelstein 1980; <c>librosa.feature.mfcc</c>).
    /// </summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Name of the column to add: a vector of Single of the dimensions frames and <c>Coefficients * (1 + Deltas)</c>.</param>
    /// <param name="inputColumnName">Name of the column of signals, a vector of Single.</param>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="options">Frames, window, bins and coefficients. Default null: all defaults.</param>
    /// <exception cref="System.ArgumentException">A value is out of range, or a mel bin holds no bin of the spectrum.</exception>
    public static SignalEstimator Mfcc(this TransformsCatalog catalog, string outputColumnName, string inputColumnName, int sampleRate, MfccOptions? options = null)
    {
        System.ArgumentNullException.ThrowIfNull(catalog);
        return new(SignalSettings.Of(SignalKind.Mfcc, outputColumnName, inputColumnName, sampleRate, options ?? new()));
    }
}
