using Microsoft.ML;

namespace Tagging;

/// <summary>A saved model at work.</summary>
internal static class Serving
{
    private static readonly string[] Examples = ["The old man the boats .", "Time flies like an arrow , but fruit flies like a banana .", "He saw her duck behind the Blorptown wall ."];

    public static int Run(string modelFile, string[] sentences)
    {
        MLContext ml = new();
        ITransformer model = ml.Model.Load(modelFile, out _);
        using PredictionEngine<Sentence, TaggedSentence> engine = ml.Model.CreatePredictionEngine<Sentence, TaggedSentence>(model);
        foreach (string text in sentences.Length == 0 ? Examples : sentences)
        {
            string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Console.WriteLine(string.Join(' ', words.Zip(engine.Predict(new(words)).PredictedLabel, (w, t) => $"{w}/{t}")));
        }

        return 0;
    }
}
