using System.Diagnostics;
using FashionMnist;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep;
using MLNetDeep.Images;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Training.Augmentation;

namespace ImageFolder;

/// <summary>From a folder of pictures to a saved model, and pictures of what it sees.</summary>
internal static class Training
{
    public static int Run(string folder, string modelFile, Arguments arguments)
    {
        MLContext ml = new(seed: 1);
        ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                Console.WriteLine(e.RawMessage);
        };

        (IDataView images, string[] paths) = Load(ml, folder, arguments.Has("--skip-bad") ? OnBadImage.Skip : OnBadImage.Error);
        PictureFormat format = PictureFormat.Of(paths);
        int side = arguments.Number("--size", 8, 512) ?? format.Side, epochs = arguments.Number("--epochs", 1, 10_000) ?? 10;
        DataOperationsCatalog.TrainTestData split = ml.Data.TrainTestSplit(images, testFraction: 0.2);
        int tests = split.TestSet.GetColumn<string>("Label").Count();
        Console.WriteLine($"{paths.Length} pictures, {format.Description}: the network takes {side}x{side}x{format.Channels}. {paths.Length - tests} to train on, {tests} to test on.");

        ImageAugmentation augmentation = arguments.Has("--no-flip")
            ? new(new RandomRotation(8), new RandomZoom(0.1f), new RandomShift(0.07f, 0.07f)) { FillMode = FillMode.Reflect }
            : new(new RandomFlip(), new RandomRotation(8), new RandomZoom(0.1f), new RandomShift(0.07f, 0.07f)) { FillMode = FillMode.Reflect };
        LiveProgress progress = new(epochs);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", null, "ImagePath"))
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Choose(arguments.Text("--network") ?? "cnn", side, format.Channels), "Label", "Image", new()
            {
                ResizeImages = true,
                Augmentation = augmentation,
                Optimizer = new AdamW { WeightDecay = 0.02f },
                LearningRateSchedule = new OneCycle(3e-3f),
                Loss = new SparseCategoricalCrossentropy { LabelSmoothing = 0.05f },
                Epochs = epochs,
                BatchSize = 64,
                Callbacks = [progress],
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        long start = Stopwatch.GetTimestamp();
        ITransformer model = pipeline.Fit(split.TrainSet);
        progress.Finish(Stopwatch.GetElapsedTime(start));

        IDataView scored = model.Transform(split.TestSet);
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(scored);
        string[] classes = ClassNames(scored);
        Report.Print(metrics, classes, [.. classes.Order(StringComparer.Ordinal)], tests);

        ml.Model.Save(model, images.Schema, modelFile);
        Report.Saved(modelFile);
        IDataView shown = Spread(ml, split.TestSet, tests, 12);
        Save(model.GradCamSheet(ml, shown, columns: 3), modelFile, "gradcam", "where it finds what speaks for its predictions");
        Save(model.OcclusionSheet(ml, shown, columns: 3), modelFile, "occlusion", "what its predictions need");
        Save(model.ActivationSheet(ml, shown), modelFile, "activations", "what its last convolution gives for one of them");
        Save(model.FilterSheet(), modelFile, "filters", "the filters of its first layer");
        return 0;
    }

    // The loader looks at the first bytes of files, the filter decodes each once.
    private static (IDataView Images, string[] Paths) Load(MLContext ml, string folder, OnBadImage onBad)
    {
        try
        {
            IDataView images = ml.Data.FilterRowsByReadableImages(ml.Data.LoadImagesFromFolder(folder, onBadImage: onBad), onBadImage: onBad);
            return (images, [.. images.GetColumn<string>("ImagePath")]);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{e.Message}{Environment.NewLine}With --skip-bad such files are left out and counted.", e);
        }
    }

    private static Network Choose(string name, int side, int channels) => name switch
    {
        "cnn" => Networks.Cnn((side, side), channels, filters: 24),
        "resnet" => Networks.ResNet(side > 96 ? 18 : 20, (side, side), channels),
        "mobilenet" => Networks.MobileNetV2(size: (side, side), channels: channels),
        _ => throw new ArgumentException($"There is no network '{name}'; there are cnn, resnet and mobilenet."),
    };

    // Rows from all over the data, so that all classes are seen.
    private static IDataView Spread(MLContext ml, IDataView rows, int count, int wanted)
    {
        int step = Math.Max(count / wanted, 1);
        ImageRow[] some = [.. rows.GetColumn<string>("ImagePath").Zip(rows.GetColumn<string>("Label"), (p, l) => new ImageRow { ImagePath = p, Label = l }).Where((_, i) => i % step == step / 2).Take(wanted)];
        return ml.Data.LoadFromEnumerable(some);
    }

    private static void Save(ImageSheet sheet, string modelFile, string what, string says)
    {
        string file = Path.ChangeExtension(modelFile, $"{what}.png");
        sheet.Save(file);
        Console.WriteLine($"Wrote {file}: {says}.");
    }

    private static string[] ClassNames(IDataView scored)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["Score"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }
}
