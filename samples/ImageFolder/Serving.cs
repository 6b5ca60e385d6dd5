using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Images;

namespace ImageFolder;

/// <summary>From a saved model to predictions, as an app would do it.</summary>
internal static class Serving
{
    public static int Run(string modelFile, string[] pictures, string? sheet)
    {
        if (pictures.FirstOrDefault(p => !File.Exists(p)) is { } missing)
            throw new FileNotFoundException($"There is no file '{missing}'.");
        MLContext ml = new();
        ITransformer model = ml.Model.Load(modelFile, out _);
        using PredictionEngine<ImageRow, Prediction> engine = ml.Model.CreatePredictionEngine<ImageRow, Prediction>(model);
        VBuffer<ReadOnlyMemory<char>> names = default;
        engine.OutputSchema["Score"].GetSlotNames(ref names);
        ReadOnlyMemory<char>[] classes = [.. names.DenseValues()];
        foreach (string picture in pictures)
        {
            Prediction prediction = engine.Predict(new() { ImagePath = picture });
            IEnumerable<string> best = prediction.Score.DenseValues().Select((share, i) => (Share: share, Class: classes[i])).OrderByDescending(s => s.Share).Take(3)
                .Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Class} {100 * s.Share:F1}%"));
            Console.WriteLine($"{picture}: {string.Join(", ", best)}");
        }

        if (sheet is null)
            return 0;
        IDataView rows = ml.Data.LoadFromEnumerable(pictures.Select(p => new ImageRow { ImagePath = p }).ToList());
        model.GradCamSheet(ml, rows, labelColumnName: null).Save(sheet);
        Console.WriteLine($"Wrote {sheet}.");
        return 0;
    }
}
