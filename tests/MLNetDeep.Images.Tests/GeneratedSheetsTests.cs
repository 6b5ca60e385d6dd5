using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Generation;
using MLNetDeep.Images.Tests.Support;
using MLNetDeep.Training.Adversarial;

namespace MLNetDeep.Images.Tests;

public sealed class GeneratedSheetsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Samples_are_saved_by_epoch_from_the_least_to_the_most()
    {
        Action<GeneratedSamples> save = GeneratedSheets.SaveTo(Path.Combine(_folder.Path, "deep", "sheets"), columns: 2, scale: 3);

        // Three pictures of 1 x 2 cells: -1 is black, 3 white, 1 between.
        save(new(7, [-1, 3, 1, 1, 3, -1], [1, 2, 1], []));
        PngImage sheet = PngImage.Load(Path.Combine(_folder.Path, "deep", "sheets", "epoch-0007.png"));
        Assert.Equal((2 + 6 + 2 + 6 + 2, 2 + 3 + 2 + 3 + 2), (sheet.Width, sheet.Height));
        byte At(int x, int y) => sheet.Pixels[((y * sheet.Width) + x) * sheet.Channels];
        Assert.Equal((0, 255, 128, 255, 0, 255), (At(2, 2), At(5, 2), At(10, 2), At(2, 7), At(5, 7), At(10, 7)));
        Assert.Equal(255, At(0, 0));
    }

    [Fact]
    public void Samples_that_are_no_pictures_are_refused()
    {
        Action<GeneratedSamples> save = GeneratedSheets.SaveTo(_folder.Path);
        Assert.Contains("(4)", Assert.Throws<ArgumentException>(() => save(new(1, [1, 2, 3, 4], [4], []))).Message, StringComparison.Ordinal);
        Assert.Contains("(1, 1, 5)", Assert.Throws<ArgumentException>(() => save(new(1, [1, 2, 3, 4, 5], [1, 1, 5], []))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_becomes_a_sheet_in_colour_or_grey()
    {
        MLContext ml = new();
        IDataView rows = ml.Data.LoadFromEnumerable([new Row { Pixels = [0, 1, 0, 1, 0, 1] }, new Row { Pixels = [1, 1, 1, 0, 0, 0] }]);
        PngImage colour = GeneratedSheets.Of(rows, "Pixels", 1, 2, columns: 1).ToImage(), grey = GeneratedSheets.Of(rows, "Pixels", 2, 3, columns: 2).ToImage();
        Assert.Equal((6, 8, 3), (colour.Width, colour.Height, colour.Channels));
        Assert.Equal((12, 6, 1), (grey.Width, grey.Height, grey.Channels));
        Assert.Equal([0, 255, 0, 255, 0, 255], colour.Pixels.Slice(((2 * 6) + 2) * 3, 6).ToArray());

        // Of one brightness only.
        IDataView flat = ml.Data.LoadFromEnumerable([new Row { Pixels = [2, 2, 2, 2, 2, 2] }]);
        Assert.Equal(0, GeneratedSheets.Of(flat, "Pixels", 2, 3).ToImage().Pixels.ToArray()[(2 * 7) + 2]);
    }

    [Fact]
    public void What_is_no_column_of_such_pictures_is_said()
    {
        MLContext ml = new();
        IDataView rows = ml.Data.LoadFromEnumerable([new Row { Pixels = new float[6] }]);
        Assert.Contains("expected pictures of 4 x 4", Assert.Throws<ArgumentException>(() => GeneratedSheets.Of(rows, "Pixels", 4, 4)).Message, StringComparison.Ordinal);
        Assert.Contains("has 0 row(s)", Assert.Throws<ArgumentException>(() => GeneratedSheets.Of(ml.Data.LoadFromEnumerable(new List<Row>()), "Pixels", 2, 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => GeneratedSheets.Of(rows, "Pixels", 0, 3));
        Assert.ThrowsAny<ArgumentException>(() => GeneratedSheets.Of(rows, "Nothing", 2, 3));
    }

    [Fact]
    public void A_GAN_of_colour_pictures_shows_its_samples_every_few_epochs_and_the_ways_between()
    {
        MLContext ml = new(seed: 1);
        Random random = new(1);
        IDataView pictures = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 24).Select(_ => new Colours { Pixels = [.. Enumerable.Range(0, 192).Select(_ => random.NextSingle())] }).ToList());
        string folder = Path.Combine(_folder.Path, "gan");
        GanTransformer gan = ml.Generation.Trainers.Gan(new GanTrainer.Options
        {
            Generator = Networks.DcGanGenerator(8, channels: 3, latent: 4, filters: 4),
            Discriminator = Networks.DcGanDiscriminator(8, channels: 3, filters: 4),
            FeatureColumnName = "Pixels",
            Epochs = 5,
            BatchSize = 12,
            SampleEveryEpochs = 2,
            SampleCount = 6,
            OnSamples = GeneratedSheets.SaveTo(folder, columns: 3),
        }).Fit(pictures);
        Assert.Equal(["epoch-0002.png", "epoch-0004.png", "epoch-0005.png"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        PngImage[] sheets = [.. Directory.GetFiles(folder).Order().Select(PngImage.Load)];
        Assert.All(sheets, s => Assert.Equal(((3 * 10) + 2, (2 * 10) + 2), (s.Width, s.Height)));
        Assert.Contains(Enumerable.Range(0, sheets[2].Width * sheets[2].Height), i => sheets[2].Pixels[i * sheets[2].Channels] != sheets[2].Pixels[(i * sheets[2].Channels) + 1]);
        Assert.NotEqual(sheets[0].Pixels.ToArray(), sheets[2].Pixels.ToArray());
        Assert.All(gan.History["frechet_distance"], d => Assert.True(d > 0 && double.IsFinite(d)));

        // Ten steps on each of two ways; steps beside one another are more alike than the ends.
        IDataView between = gan.Interpolate(paths: 2, steps: 10, seed: 3);
        Assert.Equal(((10 * 10) + 2, (2 * 10) + 2), (GeneratedSheets.Of(between, "Pixels", 8, 8, columns: 10).ToImage().Width, GeneratedSheets.Of(between, "Pixels", 8, 8, columns: 10).ToImage().Height));
        float[][] rows = [.. between.GetColumn<float[]>("Pixels")];
        double Distance(int a, int b) => rows[a].Zip(rows[b], (x, y) => Math.Pow(x - y, 2)).Sum();
        Assert.All(Enumerable.Range(0, 9), i => Assert.True(Distance(i, i + 1) < Distance(0, 9)));
    }

    private sealed class Colours
    {
        [VectorType(8, 8, 3)]
        public float[] Pixels { get; set; } = [];
    }

    private sealed class Row
    {
        [VectorType(6)]
        public float[] Pixels { get; set; } = [];
    }
}
