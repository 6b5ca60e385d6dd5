using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Losses;
using MLNetDeep.Tests.Support;
using MLNetDeep.Training.Augmentation;

namespace MLNetDeep.Tests;

/// <summary>Augmentation as the trainers' options have it.</summary>
public sealed class ImageAugmentationTests
{
    private const int Side = 6;

    private static ImageAugmentation Augmentation => new(new RandomFlip(FlipDirection.HorizontalAndVertical), new RandomCrop(1), new RandomBrightness(0.1f), new Mixup(0.2f), new CutMix { Probability = 0.3f })
    {
        FillMode = FillMode.Constant,
    };

    private static Network Network => MLNetDeep.Network.Input(Side, Side, 1).Flatten().Dense(32).Relu().TaskOutput();

    [Fact]
    public void Mixed_pictures_teach_several_classes()
    {
        MLContext ml = new(seed: 3);
        IDataView train = Pictures(ml, 400, 1), test = Pictures(ml, 200, 2);
        var model = ml.Transforms.Conversion.MapValueToKey("Kind")
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Network, "Kind", "Pixels", new()
            {
                Epochs = 30,
                Loss = new SparseCategoricalCrossentropy { LabelSmoothing = 0.05f },
                ClassWeights = ClassWeights.Balanced,
                Augmentation = Augmentation,
                ValidationFraction = 0.1,
            })).Fit(train);
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(test), "Kind");
        Assert.True(metrics.MicroAccuracy > 0.95, $"{metrics.MicroAccuracy}");

        // Scoring draws nothing.
        Assert.Equal(Bits.Of(model.Transform(test), "Score"), Bits.Of(model.Transform(test), "Score"));
    }

    [Fact]
    public void Mixed_pictures_teach_two_classes_and_numbers()
    {
        MLContext ml = new(seed: 3);
        IDataView train = Pictures(ml, 400, 1), test = Pictures(ml, 200, 2);
        var binary = ml.BinaryClassification.Trainers.NeuralNetwork(Network, "Upright", "Pixels", new() { Epochs = 30, Augmentation = Augmentation }).Fit(train);
        Assert.True(ml.BinaryClassification.Evaluate(binary.Transform(test), "Upright").Accuracy > 0.95);
        var regression = ml.Regression.Trainers.NeuralNetwork(Network, "Number", "Pixels", new() { Epochs = 30, Augmentation = Augmentation }).Fit(train);
        Assert.True(ml.Regression.Evaluate(regression.Transform(test), "Number").RSquared > 0.7);
    }

    [Fact]
    public void The_same_seed_trains_the_same_model()
    {
        int[][] Scores()
        {
            MLContext ml = new(seed: 3);
            IDataView data = Pictures(ml, 100, 1);
            var options = new Estimators.BinaryNeuralNetworkTrainer.Options { Epochs = 3, Augmentation = Augmentation };
            return Bits.Of(ml.BinaryClassification.Trainers.NeuralNetwork(Network, "Upright", "Pixels", options).Fit(data).Transform(data), "Score");
        }

        Assert.Equal(Scores(), Scores());
    }

    [Fact]
    public void Features_that_are_no_picture_are_an_error_that_says_what_is_needed()
    {
        MLContext ml = new(seed: 3);
        var trainer = ml.BinaryClassification.Trainers.NeuralNetwork(Networks.Mlp(), "Upright", "Pixels", new() { Augmentation = Augmentation });
        string message = Assert.Throws<ArgumentException>(() => trainer.Fit(Pictures(ml, 10, 1))).Message;
        Assert.Contains("'Pixels'", message, StringComparison.Ordinal);
        Assert.Contains("(height, width, channels)", message, StringComparison.Ordinal);
    }

    // A bar that stands, a bar that lies, or a blot; flips and small shifts change nothing about that.
    private static IDataView Pictures(MLContext ml, int count, int seed)
    {
        Random random = new(seed);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i =>
        {
            int kind = i % 3, at = random.Next(1, Side - 1);
            float[] pixels = new float[Side * Side];
            for (int y = 0; y < Side; y++)
            {
                for (int x = 0; x < Side; x++)
                {
                    bool ink = kind == 0 ? x == at : kind == 1 ? y == at : Math.Abs(x - at) <= 1 && Math.Abs(y - Side / 2) <= 1;
                    pixels[y * Side + x] = ink ? 0.7f + 0.3f * random.NextSingle() : 0.1f * random.NextSingle();
                }
            }

            return new Drawing { Pixels = pixels, Kind = new[] { "upright", "lying", "blot" }[kind], Upright = kind == 0, Number = kind };
        }).ToList());
    }

    /// <summary>A picture and what is known about it.</summary>
    public sealed class Drawing
    {
        [VectorType(Side * Side)]
        public float[] Pixels { get; set; } = [];

        public string Kind { get; set; } = "";

        public bool Upright { get; set; }

        public float Number { get; set; }
    }
}
