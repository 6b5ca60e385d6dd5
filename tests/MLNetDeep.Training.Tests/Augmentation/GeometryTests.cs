using MLNetDeep.Training.Augmentation;

namespace MLNetDeep.Training.Tests.Augmentation;

public sealed class GeometryTests
{
    private static readonly ImageShape Three = new(3, 3, 1);

    private static readonly float[] Nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    [Fact]
    public void Flips_exchange_sides()
    {
        Assert.Equal([3, 2, 1, 6, 5, 4, 9, 8, 7], Move(m => m.Flip(vertical: false, horizontal: true)));
        Assert.Equal([7, 8, 9, 4, 5, 6, 1, 2, 3], Move(m => m.Flip(vertical: true, horizontal: false)));
        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1], Move(m => m.Flip(vertical: true, horizontal: true)));
    }

    [Fact]
    public void Flips_keep_the_channels_of_a_pixel_together()
    {
        float[] moved = Move([1, 2, 3, 4, 5, 6, 7, 8], new(2, 2, 2), m => m.Flip(vertical: false, horizontal: true));
        Assert.Equal([3, 4, 1, 2, 7, 8, 5, 6], moved);
    }

    [Theory]
    [InlineData(FillMode.Constant, new float[] { 0, 0, 0, 0, 1, 2, 0, 4, 5 })]
    [InlineData(FillMode.Nearest, new float[] { 1, 1, 2, 1, 1, 2, 4, 4, 5 })]
    [InlineData(FillMode.Reflect, new float[] { 1, 1, 2, 1, 1, 2, 4, 4, 5 })]
    public void A_shift_down_and_right_by_one_fills_what_is_left_empty(FillMode mode, float[] expected) =>
        Assert.Equal(expected, Move(Nine, Three, m => m.Shift(1, 1), mode));

    [Theory]
    [InlineData(FillMode.Constant, new float[] { 3, 0, 0 })]
    [InlineData(FillMode.Nearest, new float[] { 3, 3, 3 })]
    [InlineData(FillMode.Reflect, new float[] { 3, 3, 2 })]
    public void A_shift_left_by_two_shows_the_fill_modes_apart(FillMode mode, float[] expected) =>
        Assert.Equal(expected, Move([1, 2, 3], new(1, 3, 1), m => m.Shift(0, -2), mode));

    [Fact]
    public void A_reflection_goes_on_past_the_picture_s_own_width() =>
        Assert.Equal([2, 3, 3], Move([1, 2, 3], new(1, 3, 1), m => m.Shift(0, 5)));

    [Fact]
    public void A_shift_by_half_a_pixel_is_the_mean_of_two() =>
        Assert.Equal([0.5f, 1.5f, 2.5f], Move([1, 2, 3], new(1, 3, 1), m => m.Shift(0, 0.5), FillMode.Constant));

    [Fact]
    public void A_quarter_turn_goes_against_the_clock()
    {
        float[] turned = Move(m => m.Rotate(90));
        Assert.Equal([3, 6, 9, 2, 5, 8, 1, 4, 7], turned.Select(v => MathF.Round(v, 4)));
    }

    [Fact]
    public void Zooming_out_by_two_puts_every_second_place_between_pixels()
    {
        // Middle pixel stays; its neighbours come from two pixels away, outside of the picture.
        Assert.Equal([0, 0, 0, 0, 5, 0, 0, 0, 0], Move(Nine, Three, m => m.Zoom(0.5, 0.5), FillMode.Constant));
    }

    [Fact]
    public void Zooming_in_by_two_interpolates()
    {
        Assert.Equal([3, 3.5f, 4, 4.5f, 5, 5.5f, 6, 6.5f, 7], Move(m => m.Zoom(2, 2)));
    }

    [Fact]
    public void Operations_follow_each_other_in_their_order()
    {
        float[] flippedLast = Move(Nine, Three, Shift + Flip, FillMode.Constant), flippedFirst = Move(Nine, Three, Flip + Shift, FillMode.Constant);
        Assert.Equal([2, 1, 0, 5, 4, 0, 8, 7, 0], flippedLast);
        Assert.Equal([0, 3, 2, 0, 6, 5, 0, 9, 8], flippedFirst);
    }

    [Fact]
    public void There_and_back_is_where_it_was()
    {
        AffineMap map = AffineMap.Identity;
        map.Rotate(30);
        map.Zoom(1.25, 0.8);
        map.Shift(3, -2);
        map.Flip(true, false);
        map.Flip(true, false);
        map.Shift(-3, 2);
        map.Zoom(0.8, 1.25);
        map.Rotate(-30);
        foreach (double off in new[] { map.YY - 1, map.XX - 1, map.YX, map.XY, map.Y, map.X })
            Assert.Equal(0, off, 12);
    }

    [Fact]
    public void Several_movements_are_one_resampling()
    {
        // A picture that is turned by 30 degrees and back is not blurred at all.
        ImageShape shape = new(8, 8, 1);
        float[] pixels = Images.Noise(shape);
        AffineMap map = AffineMap.Identity;
        map.Rotate(30);
        map.Rotate(-30);
        float[] target = new float[64];
        Resampler.Move(pixels, target, shape, map, FillMode.Reflect, 0);
        Assert.All(pixels.Zip(target), p => Assert.Equal(p.First, p.Second, 1e-5f));
    }

    [Theory]
    [InlineData(FillMode.Constant)]
    [InlineData(FillMode.Nearest)]
    [InlineData(FillMode.Reflect)]
    public void One_pixel_wide_pictures_and_large_movements_are_no_trouble(FillMode mode)
    {
        foreach (ImageShape shape in new ImageShape[] { new(1, 1, 1), new(1, 7, 3), new(7, 1, 2), new(2, 3, 4) })
        {
            ImageAugmentation all = new(new RandomFlip(FlipDirection.HorizontalAndVertical), new RandomShift(1, 1), new RandomRotation(180), new RandomZoom(0.9f, 0.9f), new RandomCrop(1)) { FillMode = mode };
            for (int row = 0; row < 200; row++)
                Assert.All(Images.Apply(all, shape, Images.Noise(shape), row), v => Assert.InRange(v, 0, 1));
        }
    }

    private static float[] Move(Action<Mutable> change) => Move(Nine, Three, change);

    private static float[] Move(float[] pixels, ImageShape shape, Action<Mutable> change, FillMode mode = FillMode.Reflect)
    {
        Mutable map = new();
        change(map);
        float[] target = new float[pixels.Length];
        Resampler.Move(pixels, target, shape, map.Map, mode, 0);
        return target;
    }

    private static Action<Mutable> Shift => m => m.Shift(0, 1);

    private static Action<Mutable> Flip => m => m.Flip(vertical: false, horizontal: true);

    private sealed class Mutable
    {
        private AffineMap _map = AffineMap.Identity;

        public AffineMap Map => _map;

        public void Flip(bool vertical, bool horizontal) => _map.Flip(vertical, horizontal);

        public void Shift(double down, double right) => _map.Shift(down, right);

        public void Rotate(double degrees) => _map.Rotate(degrees);

        public void Zoom(double height, double width) => _map.Zoom(height, width);
    }
}
