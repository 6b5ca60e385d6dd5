using System.Diagnostics;
using System.Globalization;
using FashionMnist;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep;
using MLNetDeep.Generation;
using MLNetDeep.Images;
using MLNetDeep.Optimizers;

namespace ImageGan;

/// <summary>From pictures to a saved model that draws more of them.</summary>
internal static class Training
{
    private const int Steps = 6000, BatchSize = 64, Filters = 32;

    // Pictures that the judge is asked about, and pictures on the way from one latent vector to another.
    private const int Judged = 2000, WaySteps = 10;

    public static int Run(DataSet data, string modelFile)
    {
        MLContext ml = new(seed: 1);
        IDataView pictures = ml.Data.LoadFromEnumerable(data.Train);
        ITransformer keys = ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(pictures);
        IDataView train = keys.Transform(pictures), test = keys.Transform(ml.Data.LoadFromEnumerable(data.Test));

        Judge judge = Judge.Train(ml, train, data.Classes.Count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The judge, trained on {data.Train.Count} real pictures of {data.Name}, recognises {100 * judge.Recognised(test):F1}% of {data.Test.Count} others."));

        string folder = Path.ChangeExtension(modelFile, null) + "-sheets";
        int epochs = Math.Max(1, Steps * BatchSize / data.Train.Count);
        long start = Stopwatch.GetTimestamp();
        GanTransformer gan = ml.Generation.Trainers.Gan(new GanTrainer.Options
        {
            Generator = Networks.DcGanGenerator(Picture.Side, classes: data.Classes.Count, filters: Filters),
            Discriminator = Networks.DcGanDiscriminator(Picture.Side, classes: data.Classes.Count, filters: Filters),
            FeatureColumnName = "Pixels",
            LabelColumnName = "Label",
            GeneratorOptimizer = new Adam { LearningRate = 4e-4f, Beta1 = 0.5f },
            DiscriminatorOptimizer = new Adam { LearningRate = 4e-4f, Beta1 = 0.5f },
            AverageDecay = 0.998f,
            Epochs = epochs,
            BatchSize = BatchSize,
            SampleCount = 100,
            SampleEveryEpochs = Math.Max(1, epochs / 6),
            OnSamples = GeneratedSheets.SaveTo(folder, columns: 10, scale: 2),
            Progress = Console.WriteLine,
        }).Fit(train);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Trained for {epochs} epochs in {Stopwatch.GetElapsedTime(start).TotalMinutes:F1} minutes."));

        ml.Model.Save(gan, train.Schema, modelFile);
        string between = Path.Combine(folder, "between.png");
        Ways(gan).Save(between);
        Console.WriteLine($"Saved {modelFile}, sheets of pictures in {folder}, and ways from one picture to another in {between}.");

        MulticlassClassificationMetrics metrics = judge.Evaluate(gan.Generate(Judged, seed: 1));
        for (int i = 0; i < gan.ClassNames.Count; i++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {gan.ClassNames[i],-12} {100 * metrics.ConfusionMatrix.PerClassRecall[i],5:F1}% recognised"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The judge recognises {100 * metrics.MicroAccuracy:F1}% of {Judged} generated pictures as what was asked for."));
        return metrics.MicroAccuracy >= (data.Classes[0] == "0" ? 0.90 : 0.75) ? 0 : 1;
    }

    // A row for each class.
    private static ImageSheet Ways(GanTransformer gan)
    {
        ImageSheet sheet = new(WaySteps, scale: 2);
        for (int i = 0; i < gan.ClassNames.Count; i++)
        {
            foreach (float[] pixels in gan.Interpolate(paths: 1, WaySteps, seed: i, gan.ClassNames[i]).GetColumn<float[]>("Pixels"))
                sheet.Add(PngImage.FromFloats(pixels, Picture.Side, Picture.Side, minimum: 0, maximum: 1));
        }

        return sheet;
    }
}
