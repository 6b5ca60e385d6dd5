using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Vision;

namespace TensorFlowSample;

/// <summary>ML.NET's own <c>ImageClassification</c>, on the same images, in the same process.</summary>
internal static class Neighbour
{
    /// <summary>Trains it on some of the images and evaluates it, if its pretrained network can be had.</summary>
    /// <returns>Whether it was trained.</returns>
    public static bool Run(MLContext ml, IDataView train, IDataView test)
    {
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
            {
                LabelColumnName = "Label",
                FeatureColumnName = "File",
                Arch = ImageClassificationTrainer.Architecture.MobilenetV2,
                Epoch = 50,
                ValidationSetFraction = 0.1f,
            }));
        Console.WriteLine("ImageClassification: downloads its pretrained MobileNetV2 if it has not done so before, and is trained.");
        try
        {
            var model = pipeline.Fit(train);
            MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ImageClassification: {metrics.MicroAccuracy:P2} right."));
            return true;
        }
        catch (InvalidOperationException e) when (e.Message.Contains("could not be downloaded", StringComparison.Ordinal))
        {
            Console.WriteLine($"ImageClassification: NOT trained, as its pretrained network is not to be had. {e.Message}");
            return false;
        }
    }
}
