using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Training.Augmentation;

namespace FashionMnist;

/// <summary>From pictures to a saved model.</summary>
internal static class Training
{
    public static int Run(DataSet data, string modelFile)
    {
        bool digits = data.Classes[0] == "0";
        int epochs = digits ? 12 : 10;
        MLContext ml = new(seed: 1);
        IDataView train = ml.Data.LoadFromEnumerable(data.Train);
        IDataView test = ml.Data.LoadFromEnumerable(data.Test);

        Network network = ConvNet();
        Console.WriteLine(network.WithOutputUnits(data.Classes.Count).Summary());
        Console.WriteLine($"{data.Name}: {data.Train.Count} images to train on, {data.Test.Count} to test on.");

        // Clothes look alike from left and right; digits do not, but they lean either way.
        ImageAugmentation augmentation = digits
            ? new(new RandomRotation(10), new RandomZoom(0.1f), new RandomShift(0.07f, 0.07f)) { FillMode = FillMode.Constant }
            : new(new RandomFlip(), new RandomCrop(2)) { FillMode = FillMode.Constant };
        LiveProgress progress = new(epochs);
        var trainer = ml.MulticlassClassification.Trainers.NeuralNetwork(network, "Label", "Pixels", new()
        {
            Optimizer = new AdamW { WeightDecay = 0.02f },
            LearningRateSchedule = new OneCycle(4e-3f),
            Loss = new SparseCategoricalCrossentropy { LabelSmoothing = 0.05f },
            Augmentation = augmentation,
            Epochs = epochs,
            BatchSize = 128,
            Callbacks = [progress],
        });
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(trainer)
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        long start = Stopwatch.GetTimestamp();
        var model = pipeline.Fit(train);
        progress.Finish(Stopwatch.GetElapsedTime(start));

        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
        Report.Print(metrics, ClassNames(model, train), data.Classes, data.Test.Count);

        ml.Model.Save(model, train.Schema, modelFile);
        Report.Saved(modelFile);
        return metrics.MicroAccuracy >= (digits ? 0.98 : 0.92) ? 0 : 1;
    }

    // Few channels while the picture is large, many when it is small: most of the work is in the middle.
    private static Network ConvNet() => Network.Input(Picture.Side, Picture.Side, 1)
        .Convolve(32).MaxPool2D(2)
        .Convolve(64).Convolve(64).MaxPool2D(2)
        .Convolve(128).Convolve(128).GlobalAveragePool2D()
        .Dropout(0.2).ClassOutput();

    private static Network Convolve(this Network network, int filters) =>
        network.Conv2D(filters, 3, padding: "same", useBias: false).BatchNormalization(momentum: 0.9).Relu();

    private static string[] ClassNames(ITransformer model, IDataView data)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        model.GetOutputSchema(data.Schema)["Score"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }
}
