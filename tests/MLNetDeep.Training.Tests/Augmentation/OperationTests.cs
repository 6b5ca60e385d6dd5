using MLNetDeep.Training.Augmentation;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Tests.Augmentation;

public sealed class OperationTests
{
    private static readonly ImageShape Shape = new(6, 5, 3);

    [Fact]
    public void Settings_of_no_change_keep_every_bit()
    {
        ImageAugmentation nothing = new(
            new RandomFlip { Probability = 0 },
            new RandomShift(0, 0),
            new RandomRotation(0),
            new RandomZoom(0, 0),
            new RandomCrop(0),
            new RandomBrightness(0),
            new RandomContrast(0),
            new RandomSaturation(0),
            new Cutout(3) { Probability = 0 });
        float[] pixels = Images.Noise(Shape);
        pixels[0] = -0f;
        for (int row = 0; row < 50; row++)
            Assert.Equal(Bits(pixels), Bits(Images.Apply(nothing, Shape, pixels, row)));
    }

    [Fact]
    public void An_empty_list_changes_nothing() =>
        Assert.Equal(Bits(Images.Noise(Shape)), Bits(Images.Apply(new ImageAugmentation(), Shape, Images.Noise(Shape))));

    [Fact]
    public void All_operations_keep_to_the_value_range()
    {
        foreach ((float low, float high) in new[] { (0f, 1f), (0f, 255f), (-1f, 1f) })
        {
            ImageAugmentation all = new(
                new RandomFlip(), new RandomShift(0.3f, 0.3f), new RandomRotation(45), new RandomZoom(0.5f), new RandomCrop(2),
                new RandomBrightness(1), new RandomContrast(1), new RandomSaturation(1), new Cutout(2, 2))
            { ValueRange = (low, high), FillMode = FillMode.Constant };
            float[] pixels = Images.Noise(Shape, low: low, high: high);
            pixels.AsSpan(0, 20).Fill(high);
            pixels.AsSpan(20, 20).Fill(low);
            for (int row = 0; row < 500; row++)
                Assert.All(Images.Apply(all, Shape, pixels, row), v => Assert.InRange(v, low, high));
        }
    }

    [Fact]
    public void Half_of_the_pictures_are_flipped()
    {
        ImageShape two = new(1, 2, 1);
        int flipped = Enumerable.Range(0, 4000).Count(row => Images.Apply(new(new RandomFlip()), two, [0, 1], row)[0] == 1);
        Assert.InRange(flipped, 1850, 2150);
        Assert.All(Enumerable.Range(0, 100), row => Assert.Equal([1, 0], Images.Apply(new(new RandomFlip { Probability = 1 }), two, [0, 1], row)));
    }

    [Fact]
    public void Both_directions_of_a_flip_are_drawn_independently()
    {
        ImageShape square = new(2, 2, 1);
        var seen = Enumerable.Range(0, 4000).Select(row => string.Join(",", Images.Apply(new(new RandomFlip(FlipDirection.HorizontalAndVertical)), square, [0, 0.25f, 0.5f, 1], row)))
            .GroupBy(s => s).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(4, seen.Count);
        Assert.All(seen.Values, n => Assert.InRange(n, 850, 1150));
    }

    [Fact]
    public void Crops_move_by_whole_pixels_to_all_places_alike()
    {
        ImageShape shape = new(3, 3, 1);
        float[] dot = new float[9];
        dot[4] = 1;
        int[] places = new int[9];
        for (int row = 0; row < 9000; row++)
        {
            float[] moved = Images.Apply(new(new RandomCrop(1)) { FillMode = FillMode.Constant }, shape, dot, row);
            Assert.Equal(1, moved.Sum());
            places[Array.IndexOf(moved, 1f)]++;
        }

        Assert.All(places, n => Assert.InRange(n, 850, 1150));
    }

    [Fact]
    public void Brightness_adds_one_number_to_all_pixels()
    {
        HashSet<float> added = [];
        for (int row = 0; row < 100; row++)
        {
            float[] changed = Images.Apply(new(new RandomBrightness(0.2f)), new(2, 2, 1), [0.3f, 0.4f, 0.5f, 0.6f], row);
            float more = changed[0] - 0.3f;
            Assert.InRange(more, -0.2f, 0.2f);
            Assert.All(changed.Zip([0.3f, 0.4f, 0.5f, 0.6f]), p => Assert.Equal(more, p.First - p.Second, 1e-6f));
            added.Add(more);
        }

        Assert.True(added.Count > 90 && added.Min() < -0.15f && added.Max() > 0.15f);
    }

    [Fact]
    public void Contrast_scales_distances_from_each_channel_s_mean()
    {
        for (int row = 0; row < 100; row++)
        {
            float[] changed = Images.Apply(new(new RandomContrast(0.5f)), new(1, 2, 2), [0.4f, 0.2f, 0.6f, 0.2f], row);
            Assert.Equal(0.5f, (changed[0] + changed[2]) / 2, 1e-6f);
            Assert.InRange(changed[2] - changed[0], 0.1f - 1e-6f, 0.3f + 1e-6f);
            Assert.Equal(0.2f, changed[1], 1e-6f);
        }
    }

    [Fact]
    public void Saturation_keeps_the_grey_of_a_pixel()
    {
        float[] pixel = [0.6f, 0.4f, 0.5f];
        bool paler = false, stronger = false;
        for (int row = 0; row < 100; row++)
        {
            float[] changed = Images.Apply(new(new RandomSaturation(0.5f)), new(1, 1, 3), pixel, row);
            Assert.Equal(Grey(pixel), Grey(changed), 1e-6f);
            paler |= changed[0] - changed[1] < 0.15f;
            stronger |= changed[0] - changed[1] > 0.25f;
        }

        Assert.True(paler && stronger);
        static float Grey(float[] p) => 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2];
    }

    [Fact]
    public void Cutouts_are_squares_that_may_lie_partly_outside()
    {
        ImageShape shape = new(5, 7, 2);
        HashSet<int> sizes = [];
        for (int row = 0; row < 300; row++)
        {
            float[] changed = Images.Apply(new(new Cutout(3)) { FillValue = 0.5f }, shape, [.. Enumerable.Repeat(1f, shape.Size)], row);
            (int Y, int X)[] holes = [.. from y in Enumerable.Range(0, 5) from x in Enumerable.Range(0, 7) where changed[(y * 7 + x) * 2] == 0.5f && changed[(y * 7 + x) * 2 + 1] == 0.5f select (y, x)];
            int height = holes.Max(h => h.Y) - holes.Min(h => h.Y) + 1, width = holes.Max(h => h.X) - holes.Min(h => h.X) + 1;
            Assert.Equal(height * width, holes.Length);
            Assert.Equal(holes.Length * 2, changed.Count(v => v != 1));
            Assert.True(height <= 3 && width <= 3);
            sizes.Add(holes.Length);
        }

        Assert.Contains(9, sizes);
        Assert.Contains(4, sizes);
    }

    [Fact]
    public void A_cutout_larger_than_the_picture_is_no_trouble() =>
        Assert.All(Images.Apply(new(new Cutout(int.MaxValue)), Shape, Images.Noise(Shape)), v => Assert.InRange(v, 0, 1));

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(8)]
    public void Shares_have_the_mean_and_spread_of_their_Beta_distribution(double alpha)
    {
        double[] shares = [.. Enumerable.Range(0, 20000).Select(row =>
        {
            RandomNumbers random = RandomDraws.Of(5, 1, row);
            return random.Beta(alpha);
        })];
        Assert.All(shares, s => Assert.InRange(s, 0, 1));
        Assert.Equal(0.5, shares.Average(), 0.02);
        double variance = 1 / (4 * (2 * alpha + 1));
        Assert.Equal(1, shares.Average(s => (s - 0.5) * (s - 0.5)) / variance, 0.05);
    }

    [Fact]
    public void Colours_outside_of_the_value_range_are_an_error_that_says_what_to_set()
    {
        var e = Assert.Throws<InvalidOperationException>(() => Images.Apply(new(new RandomBrightness()), new(1, 1, 1), [128]));
        Assert.Contains("128", e.Message, StringComparison.Ordinal);
        Assert.Contains("ValueRange", e.Message, StringComparison.Ordinal);
        Assert.NotNull(Images.Apply(new(new RandomBrightness()) { ValueRange = (0, 255) }, new(1, 1, 1), [128]));
    }

    public static TheoryData<ImageAugmentation, string> Wrong => new()
    {
        { new(new RandomFlip { Probability = 1.5f }), "Probability is 1.5" },
        { new(new RandomFlip((FlipDirection)9)), "Direction is 9" },
        { new(new RandomShift(-0.1f)), "Height is -0.1" },
        { new(new RandomShift(0, float.NaN)), "Width is NaN" },
        { new(new RandomRotation(181)), "Degrees is 181" },
        { new(new RandomZoom(1)), "Factor is 1" },
        { new(new RandomZoom(0, 2)), "WidthFactor is 2" },
        { new(new RandomCrop(-1)), "Padding is -1" },
        { new(new RandomCrop(6)), "Padding is 6" },
        { new(new RandomBrightness(2)), "Factor is 2" },
        { new(new RandomContrast(-1)), "Factor is -1" },
        { new(new Cutout(0)), "Size is 0" },
        { new(new Cutout(1, 0)), "Count is 0" },
        { new(new Mixup(0)), "Alpha is 0" },
        { new(new CutMix(float.PositiveInfinity)), "Alpha is" },
        { new() { ValueRange = (1, 0) }, "ValueRange is (1, 0)" },
        { new() { FillValue = 2 }, "FillValue is 2" },
        { new() { FillMode = (FillMode)7 }, "FillMode is 7" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Settings_out_of_range_are_named(ImageAugmentation augmentation, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => augmentation.Check(Shape)).Message, StringComparison.Ordinal);

    [Fact]
    public void Saturation_needs_colours() =>
        Assert.Contains("3 channels", Assert.Throws<ArgumentException>(() => new ImageAugmentation(new RandomSaturation()).Check(new(4, 4, 1))).Message, StringComparison.Ordinal);

    [Fact]
    public void Augmentations_of_equal_settings_are_equal_and_say_all_of_them()
    {
        ImageAugmentation a = new(new RandomFlip(), new RandomCrop(2)) { FillMode = FillMode.Constant }, b = new(new RandomFlip(), new RandomCrop(2)) { FillMode = FillMode.Constant };
        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.Equal(a.ToString(), b.ToString());
        Assert.NotEqual(a, new(new RandomFlip(), new RandomCrop(3)) { FillMode = FillMode.Constant });
        Assert.NotEqual(a, b with { FillValue = 0.5f });
        Assert.Contains("Padding = 2", a.ToString(), StringComparison.Ordinal);
        Assert.Contains("Probability = 0.5", a.ToString(), StringComparison.Ordinal);
        Assert.Contains("Alpha = 0.3", new ImageAugmentation(new Mixup(0.3f)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_and_epochs_draw_different_numbers()
    {
        HashSet<ulong> firsts = [];
        for (int epoch = 1; epoch <= 20; epoch++)
        {
            for (int row = 0; row < 500; row++)
            {
                RandomNumbers random = RandomDraws.Of(7, epoch, row);
                firsts.Add(random.Next());
            }
        }

        Assert.Equal(10000, firsts.Count);
    }

    private static IEnumerable<int> Bits(float[] values) => values.Select(BitConverter.SingleToInt32Bits);
}
