using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Generation;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Generation;

/// <summary>Digits of MNIST, drawn as they are asked for: a classifier that has seen real ones only is the judge.</summary>
[Trait("Category", "Slow")]
public class DigitTests
{
    private const int Side = 28, Size = Side * Side;

    private static MLContext Ml => new(seed: 1);

    [Fact]
    public void A_classifier_recognises_nine_of_ten_generated_digits_as_what_was_asked_for()
    {
        IDataView plain = Ml.Data.LoadFromEnumerable(Read()), digits = Ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(plain).Transform(plain);
        List<string> lines = [];
        GanTransformer gan = Ml.Generation.Trainers.Gan(new GanTrainer.Options
        {
            Generator = Networks.DcGanGenerator(Side, classes: 10, filters: 16),
            Discriminator = Networks.DcGanDiscriminator(Side, classes: 10, filters: 16),
            FeatureColumnName = "Pixels",
            LabelColumnName = "Label",
            GeneratorOptimizer = new Adam { LearningRate = 5e-4f, Beta1 = 0.5f },
            DiscriminatorOptimizer = new Adam { LearningRate = 5e-4f, Beta1 = 0.5f },
            AverageDecay = 0.995f,
            Epochs = 120,
            BatchSize = 32,
            Progress = lines.Add,
            FrechetDistance = new() { EveryEpochs = 30 },
        }).Fit(digits);

        NeuralNetworkTransformer judge = Ml.MulticlassClassification.Trainers.NeuralNetwork(
            Network.Input(Side, Side, 1).Conv2D(16, 3, padding: "same").Relu().MaxPool2D(2).Conv2D(32, 3, padding: "same").Relu().MaxPool2D(2).Flatten().Dropout(0.3).Dense(64).Relu().ClassOutput(10),
            "Label",
            "Pixels",
            new() { Epochs = 8, BatchSize = 32, LearningRateSchedule = new OneCycle(3e-3f) }).Fit(digits);
        MulticlassClassificationMetrics metrics = Ml.MulticlassClassification.Evaluate(judge.Transform(gan.Generate(1000, seed: 1)));
        Assert.True(metrics.MicroAccuracy >= 0.9, $"{metrics.MicroAccuracy:P1} recognised; {lines[^1]}");

        // Better than it began, by the distance of features too; and not one digit of a kind again and again.
        double[] distances = [.. gan.History.Epochs.Where(e => e.Metrics.ContainsKey("frechet_distance")).Select(e => e.Metrics["frechet_distance"])];
        Assert.Equal(4, distances.Length);
        Assert.True(distances[^1] < distances[0], string.Join(' ', distances));
        Assert.True(gan.History["diversity"].Last() > 0.5);
        Assert.DoesNotContain(lines, l => l.Contains("collapsed", StringComparison.Ordinal));
    }

    private static IEnumerable<Digit> Read()
    {
        using GZipStream file = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Generation", "Digits", "mnist-2000.gz")), CompressionMode.Decompress);
        byte[] digit = new byte[1 + Size];
        List<Digit> digits = [];
        while (file.ReadAtLeast(digit, digit.Length, throwOnEndOfStream: false) == digit.Length)
            digits.Add(new() { Name = digit[0].ToString(System.Globalization.CultureInfo.InvariantCulture), Pixels = [.. digit[1..].Select(p => p / 255f)] });
        Assert.Equal(2000, digits.Count);
        return digits;
    }

    private sealed class Digit
    {
        public string Name { get; set; } = "";

        [VectorType(Size)]
        public float[] Pixels { get; set; } = [];
    }
}
