using MLNetDeep.Losses;
using MLNetDeep.Training.Augmentation;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Tests.Augmentation;

namespace MLNetDeep.Training.Tests;

/// <summary>Counts what the whole process allocates, so nothing else may run.</summary>
[CollectionDefinition(nameof(BatchAllocationTests), DisableParallelization = true)]
[Collection(nameof(BatchAllocationTests))]
public sealed class BatchAllocationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void After_the_first_epoch_batches_allocate_nothing(int threads)
    {
        Images.PictureRows rows = Images.Rows(256, new(6, 5, 2), 3);
        ImageAugmentation augmentation = new(new RandomFlip(), new RandomRotation(), new RandomContrast(), new Cutout(2), new Mixup(), new CutMix());
        BatchPipeline pipeline = new(new(rows, 1000, 1), rows.Columns, 2, AugmentedTrainingTests.Augmenter(augmentation, rows, new SparseCategoricalCrossentropy(), 1), threads);
        pipeline.Read(0, _ => true);
        pipeline.Read(1, _ => true);

        // The test host's own threads allocate now and then, which is counted too; what batches take they take in every epoch.
        long least = long.MaxValue;
        for (int epoch = 2; epoch < 7; epoch++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            pipeline.Read(epoch, _ => true);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        long perBatch = least / 128;
        Assert.True(perBatch < 200, $"{perBatch} bytes a batch");
    }
}
