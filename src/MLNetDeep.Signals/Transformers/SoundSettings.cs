using System.Text.Json;
using System.Text.Json.Serialization;
using MLNetDeep.Persistence;

namespace MLNetDeep.Signals.Transformers;

/// <summary>What the loading of sounds was told; kept in model files.</summary>
/// <param name="OutputColumn">The column of samples.</param>
/// <param name="InputColumn">The column of paths.</param>
/// <param name="Folder">The folder that paths are in; null for whole paths.</param>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="Samples">Samples of every sound; null for as many as each has.</param>
/// <param name="OnBadSound">What is done about files that cannot be read.</param>
internal sealed record SoundSettings(string OutputColumn, string InputColumn, string? Folder, int SampleRate, int? Samples, OnBadSound OnBadSound)
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter(allowIntegerValues: false) } };

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public static SoundSettings Create(string output, string input, string? folder, int sampleRate, double? seconds, OnBadSound onBadSound)
    {
        ArgumentException.ThrowIfNullOrEmpty(output, "outputColumnName");
        ArgumentException.ThrowIfNullOrEmpty(input, "inputColumnName");
        Waveform.CheckRate(sampleRate);
        double samples = Math.Round((seconds ?? 1) * sampleRate);
        if (seconds is not null && !(samples is >= 1 and <= Waveform.MostSamples))
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, $"{seconds} seconds of {sampleRate} Hz are {samples} samples; expected 1 to {Waveform.MostSamples}.");
        SoundSettings settings = new(output, input, folder, sampleRate, seconds is null ? null : (int)samples, onBadSound);
        return Enum.IsDefined(onBadSound) ? settings : throw new ArgumentOutOfRangeException(nameof(onBadSound), onBadSound, "It is none of the names.");
    }

    /// <exception cref="InvalidDataException">It is damaged, or not such settings.</exception>
    public static SoundSettings Read(string json) => NeuralNetworkFile.Guarded(() =>
    {
        SoundSettings settings = JsonSerializer.Deserialize<SoundSettings>(json, Json) ?? throw new InvalidDataException("the settings are missing.");
        bool holds = !string.IsNullOrEmpty(settings.OutputColumn) && !string.IsNullOrEmpty(settings.InputColumn)
            && settings.SampleRate is >= 1 and <= Waveform.MostHertz && (settings.Samples is null or (>= 1 and <= Waveform.MostSamples)) && Enum.IsDefined(settings.OnBadSound);
        return holds ? settings : throw new InvalidDataException("a setting is out of range.");
    });

    public string Write() => JsonSerializer.Serialize(this, Json);
}
