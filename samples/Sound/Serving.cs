using System.Globalization;
using Microsoft.ML;

namespace Sound;

/// <summary>From a saved model and a sound file to a prediction, as an app would do it: nothing here knows that the model is a neural network.</summary>
internal static class Serving
{
    public static int Run(string modelFile, IReadOnlyList<string> sounds)
    {
        MLContext ml = new();
        ITransformer model = ml.Model.Load(modelFile, out _);
        using PredictionEngine<Hit, Prediction> engine = ml.Model.CreatePredictionEngine<Hit, Prediction>(model);
        foreach (string sound in sounds)
        {
            Prediction prediction = engine.Predict(new Hit { Path = sound });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sound}: {prediction.PredictedLabel} ({100 * prediction.Score.Max():F1}%)"));
        }

        return 0;
    }
}
