using MLNetDeep.Images.Tests.Support;

namespace MLNetDeep.Images.Tests.Png;

public class PngImageTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_written_is_read(int channels)
    {
        Random random = new(channels);
        foreach ((int width, int height) in new[] { (1, 1), (7, 5), (64, 33), (300, 2) })
        {
            byte[] noise = new byte[width * height * channels];
            random.NextBytes(noise);
            byte[] smooth = [.. Enumerable.Range(0, noise.Length).Select(i => (byte)(i / channels % width * 3 + i / channels / width * 2))];
            foreach (byte[] pixels in new[] { noise, smooth })
            {
                PngImage image = new(width, height, channels, pixels);
                PngImage read = PngImage.Load(new MemoryStream(Pictures.Bytes(image)));
                Assert.Equal((width, height, 4), (read.Width, read.Height, read.Channels));
                Assert.Equal(image.ToChannels(4), read.Pixels.ToArray());
            }
        }
    }

    [Fact]
    public void Numbers_are_shown_between_their_bounds()
    {
        Assert.Equal([0, 0, 128, 255, 255, 0], PngImage.FromFloats([-1, 0, 0.5f, 1, 2, float.NaN], 6, 1).Pixels.ToArray());
        Assert.Equal([0, 64, 255], PngImage.FromFloats([-2, -1, 2], 3, 1, minimum: null, maximum: null).Pixels.ToArray());
        Assert.Equal([0, 0, 0], PngImage.FromFloats([5, 5, 5], 3, 1, minimum: null, maximum: null).Pixels.ToArray());
        Assert.Equal([68, 1, 84, 33, 144, 141, 253, 231, 37], PngImage.FromFloats([0, 0.5f, 1], 3, 1, colorMap: ColorMap.Viridis).Pixels.ToArray());
        Assert.Equal([0, 0, 128, 128, 255, 128, 128, 0, 0], PngImage.FromFloats([0, 0.5f, 1], 3, 1, colorMap: ColorMap.Jet).Pixels.ToArray());
        Assert.Contains("12", Assert.Throws<ArgumentException>(() => PngImage.FromFloats(new float[11], 2, 2, 3)).Message);
        Assert.Throws<ArgumentException>(() => PngImage.FromFloats(new float[12], 2, 2, 3, colorMap: ColorMap.Jet));
    }

    [Fact]
    public void Pictures_are_enlarged_and_laid_over_each_other()
    {
        PngImage image = new(2, 1, 1, [10, 20]);
        Assert.Equal([10, 10, 20, 20, 10, 10, 20, 20], image.Enlarge(2).Pixels.ToArray());
        Assert.Equal([55, 10, 10, 60, 20, 20], image.Blend(new(2, 1, 3, [100, 10, 10, 100, 20, 20])).Pixels.ToArray());
        Assert.Throws<ArgumentException>(() => image.Blend(new(1, 1, 1, [0])));
    }

    [Fact]
    public void A_sheet_has_its_pictures_in_a_grid()
    {
        ImageSheet sheet = new(columns: 2, padding: 1, background: 9);
        foreach (byte gray in new byte[] { 1, 2, 3 })
            sheet.Add(new(1, 1, 1, [gray]));
        PngImage image = sheet.ToImage();
        Assert.Equal((5, 5, 1), (image.Width, image.Height, image.Channels));
        Assert.Equal(
        [
            9, 9, 9, 9, 9,
            9, 1, 9, 2, 9,
            9, 9, 9, 9, 9,
            9, 3, 9, 9, 9,
            9, 9, 9, 9, 9,
        ],
            image.Pixels.ToArray());
        sheet.Add(new(3, 1, 3, [7, 8, 9, 7, 8, 9, 7, 8, 9]));
        Assert.Equal((9, 5, 3), (sheet.ToImage().Width, sheet.ToImage().Height, sheet.ToImage().Channels));
        using TempFolder folder = new();
        sheet.Save(folder["deep/sheet.png"]);
        Assert.Equal(9, PngImage.Load(folder["deep/sheet.png"]).Width);
        Assert.Throws<InvalidOperationException>(() => new ImageSheet().ToImage());
    }
}
