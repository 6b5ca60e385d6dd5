using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Definitions;

/// <summary>A saved model at work.</summary>
internal static class Serving
{
    private static readonly string[] Examples =
    [
        "a small brown bird that sings at night",
        "a sweet cake of eggs, flour and honey",
        "the sorrow of someone who has lost a friend",
        "someone who mends shoes",
        "the third month of the year",
    ];

    public static int Run(string modelFile, string[] definitions)
    {
        MLContext ml = new();
        ITransformer model = ml.Model.Load(modelFile, out _);
        using PredictionEngine<Definition, Prediction> engine = ml.Model.CreatePredictionEngine<Definition, Prediction>(model);
        VBuffer<ReadOnlyMemory<char>> slots = default;
        engine.OutputSchema["Score"].GetSlotNames(ref slots);
        string[] names = [.. slots.DenseValues().Select(n => n.ToString())];
        foreach (string text in definitions.Length == 0 ? Examples : definitions)
        {
            Prediction prediction = engine.Predict(new() { Text = text });
            string best = string.Join(", ", names.Zip(prediction.Score).OrderByDescending(p => p.Second).Take(3)
                .Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.First} {100 * p.Second:F0} %")));
            Console.WriteLine($"{text}\n    {best}");
        }

        return 0;
    }
}
