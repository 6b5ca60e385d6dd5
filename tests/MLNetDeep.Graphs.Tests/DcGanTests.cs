using MLNetDeep.Layers;

namespace MLNetDeep.Graphs.Tests;

/// <summary>The ready-made convolutional GAN.</summary>
public class DcGanTests
{
    [Theory]
    [InlineData(28, 1, null)]
    [InlineData(28, 1, 10)]
    [InlineData(32, 3, null)]
    [InlineData(32, 3, 7)]
    [InlineData(64, 3, null)]
    [InlineData(64, 1, 4)]
    public void The_generator_makes_what_the_discriminator_takes(int size, int channels, int? classes)
    {
        Network generator = Networks.DcGanGenerator(size, channels, latent: 16, classes, filters: 4), discriminator = Networks.DcGanDiscriminator(size, channels, classes, filters: 4);
        Assert.Equal(Shape.Batched(size, size, channels), generator.Build(new BuildContext(new Graph())).Value.Shape);
        Assert.Equal(Shape.Batched(1), discriminator.Build(new BuildContext(new Graph())).Value.Shape);
        Assert.Equal([size, size, channels], discriminator.InputLayers[0].Shape);
        Assert.Equal([16], generator.InputLayers[0].Shape);
        Assert.Equal(classes is { } count ? [count] : null, generator.InputLayers.ElementAtOrDefault(1)?.Shape);
    }

    // As PyTorch counts them in the benchmark's networks: dense 64 to 6272, 128-64-1 transposed; 1-64-128 and a dense layer.
    [Fact]
    public void It_has_as_many_weights_as_in_PyTorch()
    {
        Assert.Equal((64 * 6272) + 6272 + (2 * 128) + (128 * 64 * 16) + 64 + (2 * 64) + (64 * 16) + 1, Weights(Networks.DcGanGenerator(28)));
        Assert.Equal((16 * 64) + 64 + (64 * 128 * 16) + 128 + (2 * 128) + 6272 + 1, Weights(Networks.DcGanDiscriminator(28)));
        Assert.Equal((16 * 64) + 64 + (64 * 128 * 16) + 128 + 6272 + 1, Weights(Networks.DcGanDiscriminator(28, batchNormalization: false)));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(6)]
    [InlineData(0)]
    public void Sizes_that_cannot_be_halved_are_named(int size)
    {
        Assert.Contains("such as 28, 32 and 64", Assert.Throws<ArgumentException>(() => Networks.DcGanGenerator(size)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Networks.DcGanDiscriminator(size));
    }

    private static long Weights(Network network)
    {
        Graph graph = new();
        network.Build(new BuildContext(graph));
        return graph.Variables.Where(v => v.Trainable).Sum(v => (long)v.Shape.UnitSize);
    }
}
