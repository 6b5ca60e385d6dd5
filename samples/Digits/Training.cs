using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep;
using MLNetDeep.Optimizers;

namespace Digits;

/// <summary>From the CSV file to a saved model.</summary>
internal static class Training
{
    public static int Run(string csv, string modelFile)
    {
        MLContext ml = new(seed: 1);
        IDataView data = ml.Data.LoadFromTextFile<Digit>(csv, separatorChar: ',', hasHeader: true);
        (IDataView train, IDataView test) = StratifiedSplit(ml, data, testFraction: 0.2);

        Network network = Networks.Mlp(hidden: [256, 128], dropout: 0.3);
        Console.WriteLine(network.WithInputShapes([64]).WithOutputUnits(10).Summary());

        using LiveProgress progress = new(epochs: 60);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.NormalizeMinMax("Pixels"))
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(network, "Label", "Pixels", new()
            {
                Optimizer = new AdamW { LearningRate = 2e-3f, WeightDecay = 1e-2f },
                Epochs = 60,
                BatchSize = 32,
                ValidationFraction = 0.1,
                EarlyStopping = new(patience: 12),
                Callbacks = [progress],
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        long start = Stopwatch.GetTimestamp();
        var model = pipeline.Fit(train);
        progress.Finish(Stopwatch.GetElapsedTime(start));

        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
        Report.Print(metrics, ClassNames(model, train), test.GetColumn<string>("Label").Count());

        ml.Model.Save(model, data.Schema, modelFile);
        Report.Saved(modelFile);
        return metrics.MicroAccuracy >= 0.97 ? 0 : 1;
    }

    // Every fifth image of each digit, in a random order, is held out.
    private static (IDataView Train, IDataView Test) StratifiedSplit(MLContext ml, IDataView data, double testFraction)
    {
        Random random = new(1);
        List<Digit> train = [], test = [];
        foreach (var sameDigit in ml.Data.CreateEnumerable<Digit>(data, reuseRowObject: false).GroupBy(d => d.Label))
        {
            Digit[] rows = [.. sameDigit];
            random.Shuffle(rows);
            int held = (int)Math.Round(rows.Length * testFraction);
            test.AddRange(rows[..held]);
            train.AddRange(rows[held..]);
        }

        return (ml.Data.LoadFromEnumerable(train), ml.Data.LoadFromEnumerable(test));
    }

    private static string[] ClassNames(ITransformer model, IDataView data)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        model.GetOutputSchema(data.Schema)["Score"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }
}
