using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetDeep.Estimators;
using MLNetDeep.Images.Tests.Support;
using MLNetDeep.Optimizers;
using MLNetDeep.Training.Augmentation;

namespace MLNetDeep.Images.Tests;

/// <summary>Convolutional networks on every kind of image column, and pictures of what they see.</summary>
public sealed class ExplanationSheetTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _images;

    public ExplanationSheetTests()
    {
        Pictures.Shapes(_folder, 20);
        _images = _ml.Data.LoadImagesFromFolder(_folder.Path);
    }

    private static Network Small => Network.Input(12, 12, 3).Conv2D(6, 3, name: "first").Relu().Conv2D(8, 3, name: "last").Relu(name: "seen").Flatten().ClassOutput();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Both_interleavings_and_image_columns_train_the_same_model()
    {
        // The same numbers in the same order for the network: the same bits.
        string[] interleaved = Scores(Fit(Extracted(true), "Features", Small)), planar = Scores(Fit(Extracted(false), "Features", Small));
        Assert.Equal(interleaved, planar);

        // Of an image itself they are divided by 255 rather than multiplied by its reciprocal.
        Assert.All(Floats(interleaved).Zip(Floats(Scores(Fit(Loaded, "Image", Small)))), v => Assert.Equal(v.First, v.Second, 1e-5f));

        // Where the network leaves the size to the data, and where the column does not tell.
        Network open = Network.Input().Conv2D(4, 3).Relu().GlobalAveragePool2D().ClassOutput();
        Assert.Equal(Scores(Fit(Extracted(true), "Features", open)), Scores(Fit(Extracted(false), "Features", open)));
        IDataView flat = Flat(planar: true);
        Assert.Equal(interleaved, Bits(Trainer("Features", Small, new() { DataFormat = DataFormat.ChannelsFirst }).Fit(flat).Transform(flat)));
        Assert.NotEqual(interleaved, Bits(Trainer("Features", Small, null).Fit(flat).Transform(flat)));
        Assert.Equal(interleaved, Bits(Trainer("Features", Small, null).Fit(Flat(planar: false)).Transform(Flat(planar: false))));

        // It comes back from a file, in a process of its own too.
        ITransformer model = Fit(Extracted(false), "Features", Small);
        _ml.Model.Save(model, _images.Schema, _folder["planar.zip"]);
        Assert.Equal(interleaved, FreshProcess.Scores(_folder["planar.zip"], Paths));
    }

    [Fact]
    public void Pixels_that_lie_otherwise_than_in_training_are_an_error()
    {
        IDataView planar = Extracted(false).Fit(_images).Transform(_images), interleaved = Extracted(true).Fit(_images).Transform(_images);
        ITransformer model = Trainer("Features", Small, null).Fit(Keyed(planar));
        string message = Assert.Throws<ArgumentException>(() => model.Transform(Keyed(interleaved))).Message;
        Assert.Contains("trained on pixels of (3, 12, 12)", message);
        Assert.Contains("interleavePixelColors", message);
        using MemoryStream stream = new();
        _ml.Model.Save(model, planar.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = _ml.Model.Load(stream, out _);
        Assert.Contains("trained on pixels of (3, 12, 12)", Assert.Throws<ArgumentException>(() => loaded.Transform(Keyed(interleaved))).Message);
        Assert.Contains("must say how large images are", Assert.Throws<ArgumentException>(
            () => Trainer("Features", Network.Input().Flatten().ClassOutput(), new() { DataFormat = DataFormat.ChannelsFirst }).Fit(Flat(planar: true))).Message);
    }

    [Fact]
    public void A_residual_network_of_images_scores_the_same_bits_in_a_process_of_its_own()
    {
        ITransformer model = Fit(Loaded, "Image", Networks.ResNet(20, (12, 12)), new() { Epochs = 2, BatchSize = 8, Augmentation = new(new RandomFlip(), new RandomCrop(1)) });
        string[] expected = Scores(model);
        Assert.True(expected.Distinct().Count() > 10);
        _ml.Model.Save(model, _images.Schema, _folder["resnet.zip"]);
        Assert.Equal(expected, FreshProcess.Scores(_folder["resnet.zip"], Paths));
    }

    [Fact]
    public void Maps_are_the_same_whatever_column_the_picture_comes_from()
    {
        float[][] Maps(IEstimator<ITransformer> before, string column)
        {
            ITransformer model = Fit(before, column, Small);
            IDataView data = model.Transform(_images);
            return [.. _ml.Transforms.GradCam(model, "Map").Fit(data).Transform(data).GetColumn<float[]>("Map")
                .Concat(_ml.Transforms.OcclusionMap(model, "Map").Fit(data).Transform(data).GetColumn<float[]>("Map"))];
        }

        float[][] expected = Maps(Loaded, "Image");
        Assert.Equal(144, expected[0].Length);
        Assert.True(expected.Count(m => m.Max() > 0.99f) > expected.Length / 2); // or this shows nothing
        float[][] interleaved = Maps(Extracted(true), "Features");
        Assert.Equal(interleaved, Maps(Extracted(false), "Features"));
        Assert.All(expected.Zip(interleaved), p => Assert.All(p.First.Zip(p.Second), v => Assert.Equal(v.First, v.Second, 1e-3f)));
    }

    [Fact]
    public void Sheets_show_pictures_filters_and_maps()
    {
        ITransformer model = Fit(Loaded, "Image", Small);
        ImageSheet filters = model.FilterSheet();
        Assert.Equal(6, filters.Count);
        Assert.Equal(3, filters.ToImage().Channels);
        Assert.Equal(8, model.FilterSheet("last").Count);
        Assert.Equal(1, model.FilterSheet("last").ToImage().Channels);

        // The picture, then a map for each of the layer's channels.
        Assert.Equal(9, model.ActivationSheet(_ml, _images).Count);
        Assert.Equal(7, model.ActivationSheet(_ml, _images, "first").Count);

        ImageSheet seen = model.GradCamSheet(_ml, _images, mostRows: 5, columns: 2);
        Assert.Equal(5, seen.Count);
        seen.Save(_folder["sheets/seen.png"]);
        PngImage sheet = PngImage.Load(_folder["sheets/seen.png"]);

        // Two pairs of 108 x 108, three rows, captions; nothing is left blank on the left, and the right is in colour.
        Assert.Equal((2 * (216 + 6) + 6, 3 * (108 + 10 + 6) + 6), (sheet.Width, sheet.Height));
        Assert.Contains(Enumerable.Range(0, 108), x => Colorful(sheet, 6 + 108 + x, 60));
        Assert.DoesNotContain(Enumerable.Range(0, 108), x => Colorful(sheet, 6 + x, 60));
        Assert.Contains(Enumerable.Range(0, 216), x => sheet.Pixels[((6 + 108 + 5) * sheet.Width + 6 + x) * 4] == 0);

        Assert.Equal(3, model.OcclusionSheet(_ml, _images, patchSize: 4, mostRows: 3).Count);
        Assert.Contains("no rows", Assert.Throws<ArgumentException>(() => model.GradCamSheet(_ml, _ml.Data.SkipRows(_images, 1000))).Message);
    }

    private static bool Colorful(PngImage image, int x, int y)
    {
        ReadOnlySpan<byte> pixel = image.Pixels.Slice((y * image.Width + x) * 4, 4);
        return Math.Max(pixel[0], Math.Max(pixel[1], pixel[2])) - Math.Min(pixel[0], Math.Min(pixel[1], pixel[2])) > 40;
    }

    private string[] Paths => [.. _images.GetColumn<string>("ImagePath")];

    private IEstimator<ITransformer> Loaded => _ml.Transforms.LoadImages("Raw", null, "ImagePath").Append(_ml.Transforms.ResizeImages("Image", 12, 12, "Raw"));

    private IEstimator<ITransformer> Extracted(bool interleave) => Loaded.Append(_ml.Transforms.ExtractPixels("Features", "Image", interleavePixelColors: interleave, scaleImage: 1f / 255));

    // The same numbers without their dimensions.
    private IDataView Flat(bool planar)
    {
        IDataView data = Extracted(!planar).Fit(_images).Transform(_images);
        return Keyed(_ml.Data.LoadFromEnumerable(data.GetColumn<float[]>("Features").Zip(data.GetColumn<string>("Label"), (f, l) => new FlatRow { Features = f, Label = l }).ToList()));
    }

    private static string[] Bits(IDataView scored) =>
        [.. scored.GetColumn<float[]>("Score").Select(s => string.Join(' ', s.Select(v => BitConverter.SingleToInt32Bits(v).ToString(CultureInfo.InvariantCulture))))];

    private static IEnumerable<float> Floats(string[] bits) => bits.SelectMany(b => b.Split(' ')).Select(b => BitConverter.Int32BitsToSingle(int.Parse(b, CultureInfo.InvariantCulture)));

    private IDataView Keyed(IDataView data) => _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);

    private MulticlassNeuralNetworkTrainer Trainer(string column, Network network, MulticlassNeuralNetworkTrainer.Options? options) =>
        _ml.MulticlassClassification.Trainers.NeuralNetwork(network, "Label", column, Seeded(options ?? new() { Epochs = 4, BatchSize = 8, Optimizer = new Adam { LearningRate = 0.005f } }));

    private static MulticlassNeuralNetworkTrainer.Options Seeded(MulticlassNeuralNetworkTrainer.Options options)
    {
        options.Seed = 1;
        if (options.DataFormat is not null)
            (options.Epochs, options.BatchSize, options.Optimizer) = (4, 8, new Adam { LearningRate = 0.005f });
        return options;
    }

    private ITransformer Fit(IEstimator<ITransformer> before, string column, Network network, MulticlassNeuralNetworkTrainer.Options? options = null) =>
        _ml.Transforms.Conversion.MapValueToKey("Label").Append(before).Append(Trainer(column, network, options)).Fit(_images);

    private string[] Scores(ITransformer model) => FreshProcess.Scores(_ml, model, Paths);

    private sealed class FlatRow
    {
        [VectorType(12 * 12 * 3)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
