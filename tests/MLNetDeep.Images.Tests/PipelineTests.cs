using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Images.Tests.Support;

namespace MLNetDeep.Images.Tests;

public class PipelineTests
{
    [Fact]
    public void From_a_folder_of_images_to_a_saved_model()
    {
        using TempFolder folder = new();
        Pictures.Shapes(folder, 40);
        MLContext ml = new(1);
        IDataView images = ml.Data.LoadImagesFromFolder(folder.Path);
        DataOperationsCatalog.TrainTestData split = ml.Data.TrainTestSplit(images, testFraction: 0.25);
        ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", null, "ImagePath"))
            .Append(ml.Transforms.ResizeImages("Image", 12, 12))
            .Append(ml.Transforms.ExtractPixels("Features", "Image", interleavePixelColors: true, scaleImage: 1f / 255))
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [32]), epochs: 40, batchSize: 8))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(split.TrainSet);
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Assert.True(metrics.MicroAccuracy >= 0.9, $"{metrics.MicroAccuracy} right");

        ml.Model.Save(model, images.Schema, folder["model.zip"]);
        string[] paths = [.. split.TestSet.GetColumn<string>("ImagePath")];
        Assert.Equal(FreshProcess.Scores(ml, model, paths), FreshProcess.Scores(folder["model.zip"], paths));
        using PredictionEngine<PathRow, Prediction> engine = ml.Model.CreatePredictionEngine<PathRow, Prediction>(ml.Model.Load(folder["model.zip"], out _));
        Assert.Equal(
            model.Transform(split.TestSet).GetColumn<string>("PredictedLabel"),
            paths.Select(p => engine.Predict(new() { ImagePath = p }).PredictedLabel));
    }
}
