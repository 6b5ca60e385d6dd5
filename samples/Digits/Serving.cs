using System.Globalization;
using System.Text;
using Microsoft.ML;

namespace Digits;

/// <summary>From a saved model to predictions, as an app would do it: nothing here knows that the model is a neural network.</summary>
internal static class Serving
{
    private const string Ink = " .:-=+*#%@";

    public static int Run(string csv, string modelFile)
    {
        MLContext ml = new();
        ITransformer model = ml.Model.Load(modelFile, out _);
        using PredictionEngine<Digit, Prediction> engine = ml.Model.CreatePredictionEngine<Digit, Prediction>(model);
        IDataView data = ml.Data.LoadFromTextFile<Digit>(csv, separatorChar: ',', hasHeader: true);
        Digit[] digits = [.. ml.Data.CreateEnumerable<Digit>(data, reuseRowObject: false).Where((_, i) => i % 300 == 7)];
        string[] pictures = new string[9];
        foreach (Digit digit in digits)
        {
            Prediction prediction = engine.Predict(digit);
            string says = string.Create(CultureInfo.InvariantCulture, $"{prediction.PredictedLabel} ({100 * prediction.Score.Max():F1}%)");
            pictures[0] += $"{says,-12}";
            for (int row = 0; row < 8; row++)
                pictures[row + 1] += $"{Draw(digit.Pixels.AsSpan(row * 8, 8)),-12}";
        }

        Console.WriteLine($"{modelFile}, loaded in a process of its own, says of {digits.Length} images:");
        Console.WriteLine(string.Join(Environment.NewLine, pictures));
        Console.WriteLine($"They show {string.Join(", ", digits.Select(d => d.Label))}.");
        return 0;
    }

    private static string Draw(ReadOnlySpan<float> pixels)
    {
        StringBuilder line = new();
        foreach (float pixel in pixels)
            line.Append(Ink[(int)(pixel * (Ink.Length - 1) / 16)]);
        return line.ToString();
    }
}
