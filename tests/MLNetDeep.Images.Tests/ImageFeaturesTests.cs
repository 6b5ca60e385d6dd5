using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetDeep.Images.Tests.Support;
using MLNetDeep.Rows;

namespace MLNetDeep.Images.Tests;

public class ImageFeaturesTests
{
    private static readonly Network Small = Network.Input(2, 2, 3).Flatten().Dense(4).Relu().TaskOutput();

    [Theory]
    [InlineData(MLPixelFormat.Rgba32)]
    [InlineData(MLPixelFormat.Bgra32)]
    public void Pixels_become_numbers_of_the_networks_channels(MLPixelFormat format)
    {
        byte[] pixels = format == MLPixelFormat.Rgba32 ? [255, 51, 0, 102, 7, 7, 7, 255] : [0, 51, 255, 102, 7, 7, 7, 255];
        using MLImage image = MLImage.CreateFromPixels(2, 1, format, pixels);
        Assert.Equal([1, 0.2f, 0, 7 / 255f, 7 / 255f, 7 / 255f], Read(image, [1, 2, 3]));
        Assert.Equal([1, 0.2f, 0, 0.4f, 7 / 255f, 7 / 255f, 7 / 255f, 1], Read(image, [1, 2, 4]));
        float[] gray = Read(image, [1, 2, 1]);
        Assert.Equal(0.299f + 0.587f * 0.2f, gray[0], 1e-6f);
        Assert.Equal(7 / 255f, gray[1]);
    }

    [Fact]
    public void Other_sizes_are_an_error_or_resized()
    {
        using MLImage image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, [100, 0, 0, 255, 200, 0, 0, 255]);
        image.Tag = "photo.png";
        string message = Assert.Throws<InvalidOperationException>(() => Read(image, [2, 4, 3])).Message;
        Assert.Contains("'Image' has an image of 2x1 ('photo.png') in data row 1; the network takes 4x2", message);
        Assert.Contains("ResizeImages", message);
        Assert.Equal([100, 125, 175, 200, 100, 125, 175, 200], Read(image, [2, 4, 3], resize: true).Where((_, i) => i % 3 == 0).Select(v => MathF.Round(v * 255)));
        Assert.Contains("no image in data row 1", Assert.Throws<InvalidOperationException>(() => Read(null, [2, 4, 3])).Message);
    }

    [Fact]
    public void What_cannot_feed_a_network_is_said_before_training()
    {
        MLContext ml = new(1);
        IDataView unknown = ml.Data.LoadFromEnumerable(new[] { new ImageRow(), new ImageRow { Label = true } });
        Assert.Contains("Neither the network nor the feature column 'Image'", Fails(ml, unknown, Network.Input().Flatten().TaskOutput()));
        Assert.Contains("shape (784)", Fails(ml, unknown, Network.Input(784).Dense(3).TaskOutput()));
        Assert.Contains("shape (4, 4, 2)", Fails(ml, unknown, Network.Input(4, 4, 2).Flatten().TaskOutput()));
        IDataView sized = ml.Transforms.ResizeImages("Image", 3, 5).Fit(unknown).Transform(unknown);
        Assert.Contains("images of 3x5; the network takes 4x4", Fails(ml, sized, Network.Input(4, 4, 1).Flatten().TaskOutput()));
        Assert.Contains("ids", Fails(ml, unknown, Network.TokenInput(3).Embedding(4, 2).Flatten().TaskOutput()));
    }

    [Fact]
    public void Images_of_mixed_sizes_and_channels_train_when_the_option_says_so()
    {
        using TempFolder folder = new();
        Pictures.Shapes(folder, 4, channels: 3);
        folder.Write("disc/gray.png", Pictures.Plain(9, 30, 200));
        folder.Write("frame/alpha.png", Pictures.Plain(30, 9, 10, 20, 30, 40));
        MLContext ml = new(1);
        IDataView images = ml.Data.LoadImagesFromFolder(folder.Path);
        IEstimator<ITransformer> Pipeline(bool resize) => ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", null, "ImagePath"))
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(
                Network.Input(8, 8, 1).Flatten().Dense(4).Relu().ClassOutput(), "Label", "Image", new() { Epochs = 1, ResizeImages = resize }));
        string message = Assert.Throws<InvalidOperationException>(() => Pipeline(resize: false).Fit(images)).Message;
        Assert.Contains("has an image of 16x16", message);
        Assert.Contains("in data row 1; the network takes 8x8", message);
        Assert.Equal(10, Pipeline(resize: true).Fit(images).Transform(images).GetColumn<float[]>("Score").Count());
    }

    [Fact]
    public void A_damaged_file_stops_training_and_is_named()
    {
        using TempFolder folder = new();
        Pictures.Shapes(folder, 2);
        folder.Write("disc/zz.png", File.ReadAllBytes(folder["disc/00.png"])[..^30]);
        MLContext ml = new(1);
        IDataView images = ml.Data.LoadImagesFromFolder(folder.Path);
        IEstimator<ITransformer> pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", null, "ImagePath"))
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Network.Input(16, 16, 3).Flatten().ClassOutput(), "Label", "Image", new() { Epochs = 1, ResizeImages = true }));
        Assert.Contains("zz.png", Assert.ThrowsAny<Exception>(() => pipeline.Fit(images)).Message);
        pipeline.Fit(ml.Data.FilterRowsByReadableImages(images));
    }

    [Fact]
    public void A_model_of_image_columns_is_the_same_in_a_fresh_process()
    {
        using TempFolder folder = new();
        Pictures.Shapes(folder, 6);
        MLContext ml = new(1);
        IDataView images = ml.Data.LoadImagesFromFolder(folder.Path);
        ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Image", null, "ImagePath"))
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(
                Network.Input(12, 12, 3).Flatten().Dense(8).Relu().ClassOutput(), "Label", "Image", new() { Epochs = 3, ResizeImages = true }))
            .Fit(images);
        ml.Model.Save(model, images.Schema, folder["model.zip"]);
        string[] paths = [.. images.GetColumn<string>("ImagePath")];
        string[] expected = FreshProcess.Scores(ml, model, paths);
        Assert.Equal(12, expected.Length);
        Assert.Equal(expected, FreshProcess.Scores(folder["model.zip"], paths));
    }

    [Fact]
    public void Prediction_engines_take_images_in_memory()
    {
        MLContext ml = new(1);
        static MLImage Plain(byte gray) => MLImage.CreateFromPixels(2, 2, MLPixelFormat.Rgba32, [.. Enumerable.Repeat(gray, 16)]);
        ImageRow[] rows = [.. Enumerable.Range(0, 60).Select(i => new ImageRow { Image = Plain((byte)(i % 2 * 155 + i)), Label = i % 2 == 1 })];
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        ITransformer model = ml.BinaryClassification.Trainers.NeuralNetwork(Small, "Label", "Image", new() { Epochs = 60, BatchSize = 8 }).Fit(data);
        Assert.Equal(1, ml.BinaryClassification.Evaluate(model.Transform(data)).Accuracy);
        using MemoryStream stream = new();
        ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        using PredictionEngine<ImageRow, BinaryPrediction> engine = ml.Model.CreatePredictionEngine<ImageRow, BinaryPrediction>(ml.Model.Load(stream, out _));
        Assert.True(engine.Predict(new() { Image = Plain(220) }).PredictedLabel);
        Assert.False(engine.Predict(new() { Image = Plain(20) }).PredictedLabel);
    }

    private static string Fails(MLContext ml, IDataView data, Network network) =>
        Assert.Throws<ArgumentException>(() => ml.BinaryClassification.Trainers.NeuralNetwork(network, featureColumnName: "Image").Fit(data)).Message;

    private static float[] Read(MLImage? image, int[] shape, bool resize = false)
    {
        IDataView data = new MLContext().Data.LoadFromEnumerable(new[] { new ImageRow { Image = image } });
        DataViewSchema.Column column = data.Schema["Image"];
        Assert.IsType<ImageDataViewType>(column.Type);
        FeatureAdapter adapter = new ImageFeatures().Create("Image", column.Type, shape, resize);
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        FeatureColumn.Reader<float> reader = adapter.Bind(cursor, column);
        Assert.True(cursor.MoveNext());
        float[] values = new float[shape.Aggregate((a, b) => a * b)];
        reader(values);
        return values;
    }

    private sealed class BinaryPrediction
    {
        public bool PredictedLabel { get; set; }
    }
}
