using System.Globalization;
using System.Text;
using Microsoft.ML;

namespace FashionMnist;

/// <summary>From a saved model to predictions, as an app would do it: nothing here knows that the model is a neural network.</summary>
internal static class Serving
{
    private const string Ink = " .:-=+*#%@";
    private const int Half = Picture.Side / 2, Column = 22;

    public static int Run(DataSet data, string modelFile)
    {
        MLContext ml = new();
        ITransformer model = ml.Model.Load(modelFile, out _);
        using PredictionEngine<Picture, Prediction> engine = ml.Model.CreatePredictionEngine<Picture, Prediction>(model);
        Picture[] pictures = [.. data.Test.Where((_, i) => i % (data.Test.Count / 5) == 7).Take(5)];
        string[] lines = new string[Half + 1];
        foreach (Picture picture in pictures)
        {
            Prediction prediction = engine.Predict(picture);
            string says = string.Create(CultureInfo.InvariantCulture, $"{prediction.PredictedLabel} ({100 * prediction.Score.Max():F1}%)");
            lines[0] += says.PadRight(Column);
            for (int row = 0; row < Half; row++)
                lines[row + 1] += Draw(picture.Pixels, row).PadRight(Column);
        }

        Console.WriteLine($"{modelFile}, loaded in a process of its own, says of {pictures.Length} test images of {data.Name}:");
        Console.WriteLine(string.Join(Environment.NewLine, lines.Select(l => l.TrimEnd())));
        Console.WriteLine($"They show {string.Join(", ", pictures.Select(d => d.Label))}.");
        return 0;
    }

    // Four pixels make a character.
    private static string Draw(float[] pixels, int row)
    {
        StringBuilder line = new();
        for (int x = 0; x < Half; x++)
        {
            int at = 2 * row * Picture.Side + 2 * x;
            float mean = (pixels[at] + pixels[at + 1] + pixels[at + Picture.Side] + pixels[at + Picture.Side + 1]) / 4;
            line.Append(Ink[(int)(mean * (Ink.Length - 1))]);
        }

        return line.ToString();
    }
}
