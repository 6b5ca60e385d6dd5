using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;

namespace Digits;

/// <summary>From the CSV file to a saved model.</summary>
internal static class Training
{
    private const int Epochs = 60;

    public static int Run(string csv, string modelFile)
    {
        MLContext ml = new(seed: 1);
        IDataView data = ml.Data.LoadFromTextFile<Digit>(csv, separatorChar: ',', hasHeader: true);
        (IDataView train, IDataView test) = StratifiedSplit(ml, data, testFraction: 0.2);

        Network network = Networks.Mlp(hidden: [512, 256], dropout: 0.4, batchNormalization: true);
        Console.WriteLine(network.WithInputShapes([64]).WithOutputUnits(10).Summary());

        using LiveProgress progress = new(Epochs);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.NormalizeMinMax("Pixels"))
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(network, "Label", "Pixels", new()
            {
                Optimizer = new AdamW { WeightDecay = 1e-2f },
                LearningRateSchedule = new OneCycle(4e-3f),
                Loss = new SparseCategoricalCrossentropy { LabelSmoothing = 0.1f },
                Epochs = Epochs,
                BatchSize = 64,
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
