using System.Globalization;
using Microsoft.ML;

namespace Pronunciation;

/// <summary>A saved model at work.</summary>
internal static class Serving
{
    private static readonly string[] Examples = ["phonetics", "thoroughly", "blorptown", "knightley", "schoolgirl"];

    public static int Run(string modelFile, string[] words)
    {
        MLContext ml = new();
        ITransformer model = ml.Model.Load(modelFile, out _);
        using PredictionEngine<Word, SpokenWord> engine = ml.Model.CreatePredictionEngine<Word, SpokenWord>(model);
        foreach (string word in words.Length == 0 ? Examples : words)
        {
            SpokenWord spoken = engine.Predict(new(word.ToLowerInvariant()));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{word}: {string.Join(' ', spoken.PredictedLabel)}  ({spoken.Score:F2})"));
        }

        return 0;
    }
}
