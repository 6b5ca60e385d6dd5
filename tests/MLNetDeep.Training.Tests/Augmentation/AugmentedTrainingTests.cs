using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Training.Augmentation;
using MLNetDeep.Training.Callbacks;
using MLNetDeep.Training.Checkpoints;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Metrics;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.Training.Tests.Augmentation;

public sealed class AugmentedTrainingTests
{
    private static readonly ImageShape Shape = new(6, 5, 2);

    private static ImageAugmentation All => new(
        new RandomFlip(), new RandomShift(0.2f), new RandomRotation(20), new RandomZoom(0.2f), new RandomCrop(1),
        new RandomBrightness(), new RandomContrast(), new Cutout(2), new Mixup(0.4f) { Probability = 0.7f }, new CutMix());

    private static Network Classifier => Network.Input(6, 5, 2).Flatten().Dense(8).Relu().Dense(3).Softmax();

    private static TrainerOptions Options => new() { Loss = new SparseCategoricalCrossentropy(), Metrics = [new CategoricalAccuracy()], Epochs = 3, BatchSize = 8, Seed = 7, Augmentation = All };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Batches_are_the_same_at_any_number_of_threads(int threads)
    {
        Assert.Equal(Prepare(0, weighted: true), Prepare(threads, weighted: true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Trained_weights_are_the_same_at_any_number_of_threads(int threads)
    {
        TrainedNetwork here = Train.Run(Classifier, Options with { DataThreads = 0 }, Images.Rows(50, Shape, 3));
        TrainedNetwork there = Train.Run(Classifier, Options with { DataThreads = threads }, Images.Rows(50, Shape, 3));
        Train.SameBits(here, there);
        Assert.Equal(here.History["accuracy"], there.History["accuracy"]);
    }

    [Fact]
    public void Epochs_and_seeds_differ()
    {
        Assert.NotEqual(Prepare(0, epoch: 1), Prepare(0, epoch: 2));
        Assert.NotEqual(Prepare(0, seed: 1), Prepare(0, seed: 2));
    }

    [Fact]
    public void Shares_of_classes_sum_to_one_and_the_row_s_label_is_the_larger()
    {
        int mixed = 0;
        Each(new(new Mixup(1)), classes: 3, weighted: true, (batch, _) =>
        {
            for (int row = 0; row < batch.Count; row++)
            {
                float[] shares = batch.ClassShares!.Rows<float>(0, row).ToArray();
                Assert.Equal(1, shares.Sum(), 1e-6f);
                Assert.All(shares, s => Assert.InRange(s, 0, 1));
                mixed += shares.Count(s => s > 0) > 1 ? 1 : 0;
            }
        });
        Assert.True(mixed > 10);
        Each(new(new Mixup(1)), classes: 3, weighted: false, (batch, _) =>
        {
            for (int row = 0; row < batch.Count; row++)
            {
                float[] shares = batch.ClassShares!.Rows<float>(0, row).ToArray();
                Assert.Equal(shares.Max(), shares[batch.Rows.Rows<int>(1, row)[0]]);
            }
        });
    }

    [Fact]
    public void Mixup_mixes_pixels_and_numbers_in_one_proportion()
    {
        // Picture i is one grey g(i), its target 10 g(i): so it must be after mixing too.
        Images.PictureRows rows = new([.. Enumerable.Range(0, 40).Select(i => Enumerable.Repeat(i / 40f, Shape.Size).ToArray())], [.. Enumerable.Range(0, 40).Select(i => i / 4f)], null, classes: false);
        int between = 0;
        Each(new(new Mixup(1)), rows, new MeanSquaredError(), (batch, _) =>
        {
            for (int row = 0; row < batch.Count; row++)
            {
                Span<float> pixels = batch.Rows.Rows<float>(0, row);
                float target = batch.Rows.Rows<float>(1, row)[0];
                Assert.Equal(target, 10 * pixels[0], 1e-4f);
                Assert.Equal(pixels[0], pixels[^1]);
                between += target * 4 % 1 is > 0.01f and < 0.99f ? 1 : 0;
            }
        });
        Assert.True(between > 20);
    }

    [Fact]
    public void CutMix_mixes_targets_by_the_areas_of_the_pictures()
    {
        // Pictures of class 0 are black, those of class 1 white: the share of white pixels is that of class 1.
        Images.PictureRows rows = new([.. Enumerable.Range(0, 40).Select(i => Enumerable.Repeat(i % 2f, Shape.Size).ToArray())], [.. Enumerable.Range(0, 40).Select(i => i % 2f)], null, classes: true);
        int mixed = 0;
        Each(new(new CutMix()), rows, new SparseCategoricalCrossentropy(), (batch, _) =>
        {
            for (int row = 0; row < batch.Count; row++)
            {
                float white = batch.Rows.Rows<float>(0, row).ToArray().Average();
                Assert.Equal(white, batch.ClassShares!.Rows<float>(0, row)[1], 1e-5f);
                mixed += white is > 0 and < 1 ? 1 : 0;
            }
        });
        Assert.True(mixed > 5);
    }

    [Fact]
    public void Rows_of_unlike_weights_count_by_their_weights()
    {
        // Rows of class 1 weigh nothing: whatever is mixed, only class 0 may be learned, by its share of the picture.
        float[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 2f)];
        Images.PictureRows rows = new([.. labels.Select(l => Enumerable.Repeat(l, Shape.Size).ToArray())], labels, [.. labels.Select(l => 2 - 2 * l)], classes: true);
        Each(new(new Mixup(1)), rows, new SparseCategoricalCrossentropy(), (batch, _) =>
        {
            for (int row = 0; row < batch.Count; row++)
            {
                float white = batch.Rows.Rows<float>(0, row)[0], weight = batch.Rows.Rows<float>(2, row)[0];
                Assert.Equal(2 * (1 - white), weight, 1e-5f);
                if (weight > 1e-5f)
                    Assert.Equal(1, batch.ClassShares!.Rows<float>(0, row)[0], 1e-5f);
            }
        });
    }

    [Fact]
    public void A_batch_of_one_row_is_not_mixed()
    {
        Images.PictureRows rows = Images.Rows(1, Shape, 2);
        Each(new(new Mixup(1), new CutMix()), rows, new SparseCategoricalCrossentropy(), (batch, _) =>
        {
            Assert.Equal(rows.Pixels[0], batch.Rows.Rows<float>(0, 0).ToArray());
            Assert.Equal([1, 0, 0], batch.ClassShares!.Rows<float>(0, 0).ToArray());
        });
    }

    [Fact]
    public void Mixing_that_mixes_nothing_trains_as_class_numbers_do()
    {
        // Shares of one, so the loss for shares must be that for class numbers, smoothing and focus included.
        SparseCategoricalCrossentropy loss = new() { LabelSmoothing = 0.1f, FocalGamma = 2 };
        TrainedNetwork plain = Train.Run(Classifier, Options with { Loss = loss, Augmentation = null }, Images.Rows(50, Shape, 3, weighted: true));
        TrainedNetwork mixed = Train.Run(Classifier, Options with { Loss = loss, Augmentation = new(new Mixup { Probability = 0 }) }, Images.Rows(50, Shape, 3, weighted: true));
        Assert.All(plain.History["loss"].Zip(mixed.History["loss"]), l => Assert.Equal(l.First, l.Second, 1e-4));
        Assert.Equal(plain.History["accuracy"], mixed.History["accuracy"]);
    }

    [Fact]
    public void Validation_rows_are_not_changed()
    {
        // With a learning rate of next to nothing, validation is the same with and without augmentation.
        TrainerOptions still = Options with { Optimizer = new Optimizers.Sgd { LearningRate = 1e-30f }, Loss = new SparseCategoricalCrossentropy { LabelSmoothing = 0.1f } };
        TrainedNetwork plain = Train.Run(Classifier, still with { Augmentation = null }, Images.Rows(50, Shape, 3), Images.Rows(30, Shape, 3, seed: 99));
        TrainedNetwork augmented = Train.Run(Classifier, still, Images.Rows(50, Shape, 3), Images.Rows(30, Shape, 3, seed: 99));
        Assert.Equal(plain.History["val_loss"], augmented.History["val_loss"]);
        Assert.Equal(plain.History["val_accuracy"], augmented.History["val_accuracy"]);
        Assert.NotEqual(plain.History["loss"], augmented.History["loss"]);
    }

    [Fact]
    public void Rows_in_memory_are_not_changed()
    {
        // Else the second epoch would see flips of flips; here each epoch must show every picture either way round.
        Images.PictureRows rows = Images.Rows(16, Shape, 2);
        ImageAugmentation flip = new(new RandomFlip { Probability = 1 });
        RowStream stream = new(rows, 100, null);
        BatchPipeline pipeline = new(stream, rows.Columns, 4, Augmenter(flip, rows, new SparseCategoricalCrossentropy(), 1), 1);
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            int row = 0;
            pipeline.Read(epoch, batch =>
            {
                for (int i = 0; i < batch.Count; i++)
                    Assert.Equal(rows.Pixels[row++].AsSpan(0, 2).ToArray(), batch.Rows.Rows<float>(0, i).Slice(8, 2).ToArray());
                return true;
            });
            Assert.Equal(16, row);
        }
    }

    [Fact]
    public void A_network_without_an_image_input_is_an_error_that_says_what_is_needed()
    {
        var e = Assert.Throws<ArgumentException>(() => Train.Run(Network.Input(60).Dense(3).Softmax(), Options, Images.Rows(50, Shape, 3)));
        Assert.Contains("(height, width, channels)", e.Message, StringComparison.Ordinal);
        Assert.Contains("(60)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_is_none_is_an_error_when_pictures_are_mixed()
    {
        Images.PictureRows rows = Images.Rows(50, Shape, 4);
        Assert.Contains("3", Assert.Throws<ArgumentOutOfRangeException>(() => Train.Run(Classifier, Options, rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_another_augmentation_is_not_gone_on_from()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Train.Run(Classifier, Options with { Epochs = 4, Checkpoint = new(folder), Callbacks = [new StopAfter(2)] }, Images.Rows(50, Shape, 3));
            Assert.Throws<InvalidOperationException>(() => Train.Run(
                Classifier, Options with { Epochs = 4, Checkpoint = new(folder), Augmentation = new(new RandomFlip()) }, Images.Rows(50, Shape, 3)));
            Assert.Throws<InvalidOperationException>(() => Train.Run(
                Classifier, Options with { Epochs = 4, Checkpoint = new(folder), Augmentation = All with { FillMode = FillMode.Nearest } }, Images.Rows(50, Shape, 3)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_run_killed_between_epochs_goes_on_to_the_same_bits()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            TrainedNetwork whole = Train.Run(Classifier, Options with { Epochs = 4 }, Images.Rows(50, Shape, 3));
            Assert.Throws<IOException>(() => Train.Run(Classifier, Options with { Epochs = 4, Checkpoint = new(folder), Callbacks = [new FailIn(3)] }, Images.Rows(50, Shape, 3)));
            TrainedNetwork resumed = Train.Run(Classifier, Options with { Epochs = 4, Checkpoint = new(folder) }, Images.Rows(50, Shape, 3));
            Train.SameBits(whole, resumed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static BatchAugmenter Augmenter(ImageAugmentation augmentation, IRowSource rows, Loss loss, int seed) =>
        new(augmentation, Network.Input(Shape.Height, Shape.Width, Shape.Channels).Flatten().Dense(3).Softmax(), rows.Columns, loss, Graphs.Shape.Batched(3), seed);

    private static void Each(ImageAugmentation augmentation, int classes, bool weighted, Action<Batch, int> look) =>
        Each(augmentation, Images.Rows(50, Shape, classes, weighted), new SparseCategoricalCrossentropy(), look);

    private static void Each(ImageAugmentation augmentation, IRowSource rows, Loss loss, Action<Batch, int> look)
    {
        int batches = 0;
        new BatchPipeline(new(rows, 100, 3), rows.Columns, 8, Augmenter(augmentation, rows, loss, 1), 2).Read(1, batch =>
        {
            look(batch, batches++);
            return true;
        });
        Assert.True(batches > 0);
    }

    private static List<float> Prepare(int threads, bool weighted = false, int epoch = 1, int seed = 1)
    {
        Images.PictureRows rows = Images.Rows(50, Shape, 3, weighted);
        List<float> seen = [];
        new BatchPipeline(new(rows, 100, 3), rows.Columns, 8, Augmenter(All, rows, new SparseCategoricalCrossentropy(), seed), threads).Read(epoch, batch =>
        {
            seen.AddRange(batch.Rows.Rows<float>(0, 0, batch.Count));
            seen.AddRange(batch.ClassShares!.Rows<float>(0, 0, batch.Count));
            seen.AddRange(batch.Rows.Rows<int>(1, 0, batch.Count).ToArray().Select(i => (float)i));
            if (weighted)
                seen.AddRange(batch.Rows.Rows<float>(2, 0, batch.Count));
            return true;
        });
        Assert.Equal(50 * (Shape.Size + 3 + 1 + (weighted ? 1 : 0)), seen.Count);
        return seen;
    }

    private sealed class StopAfter(int epochs) : Callback
    {
        public override void OnEpochEnd(TrainingContext context, EpochResult result)
        {
            if (result.Epoch == epochs)
                context.Stop("enough");
        }
    }

    private sealed class FailIn(int epoch) : Callback
    {
        public override void OnBatchEnd(TrainingContext context, in BatchResult result)
        {
            if (result.Epoch == epoch && result.Batch == 3)
                throw new IOException("killed");
        }
    }
}
