using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Signals.Tests.Support;

namespace MLNetDeep.Signals.Tests;

/// <summary>Spectra as torch.stft and the definitions of librosa and torchaudio give them; see make_golden.py.</summary>
public class GoldenTests
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    private static readonly Dictionary<string, JsonElement> Cases =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "golden.json"))).RootElement.EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_are_the_reference_s(string name)
    {
        JsonElement golden = Cases[name], options = golden.GetProperty("options");
        float[] signal = Floats(golden.GetProperty("signal")), expected = Floats(golden.GetProperty("values"));
        int rate = golden.GetProperty("sampleRate").GetInt32();
        int[] shape = [.. golden.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
        TransformsCatalog transforms = TestSignals.Ml.Transforms;
        float[] actual = golden.GetProperty("kind").GetString() switch
        {
            "Spectrogram" => Run(transforms.Spectrogram("Out", "Signal", options.Deserialize<SpectrogramOptions>(Json)), signal, shape),
            "MelSpectrogram" => Run(transforms.MelSpectrogram("Out", "Signal", rate, options.Deserialize<MelSpectrogramOptions>(Json)), signal, shape),
            "Mfcc" => Run(transforms.Mfcc("Out", "Signal", rate, options.Deserialize<MfccOptions>(Json)), signal, shape),
            _ => new Waveform(signal, options.GetProperty("From").GetInt32()).Resample(options.GetProperty("To").GetInt32()).Samples.ToArray(),
        };
        Assert.Equal(expected.Length, actual.Length);

        // Single precision next to the largest number, which is also what differences of such numbers have.
        double most = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 * Math.Abs(expected[i]) + 1e-7 * most, $"{name}, number {i}: expected {expected[i]}, got {actual[i]}");
    }

    private static float[] Run(IEstimator<ITransformer> estimator, float[] signal, int[] shape)
    {
        IDataView data = TestSignals.View([signal]);
        IDataView result = estimator.Fit(data).Transform(data);
        Assert.Equal(shape, ((VectorDataViewType)result.Schema["Out"].Type).Dimensions.AsEnumerable());
        return result.GetColumn<float[]>("Out").Single();
    }

    private static float[] Floats(JsonElement numbers) => [.. numbers.EnumerateArray().Select(n => n.GetSingle())];
}
