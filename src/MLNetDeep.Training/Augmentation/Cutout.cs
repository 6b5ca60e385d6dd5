using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>
/// Blots out squares of pictures, so that the network does not rely on one detail (DeVries and Taylor 2017). The middle of a square is any
/// pixel, so that parts of squares near the edge lie outside. They get <see cref="ImageAugmentation.FillValue"/>.
/// </summary>
/// <param name="Size">Side of a square in pixels; at least 1. The paper has 16 for pictures of 32 x 32 in 10 classes.</param>
/// <param name="Count">Number of squares; at least 1. Default 1.</param>
public sealed record Cutout(int Size, int Count = 1) : PixelOperation
{
    internal override bool UsesValueRange => false;

    internal override void Check(ImageShape image)
    {
        base.Check(image);
        Require(Size >= 1, nameof(Size), Size, "at least 1");
        Require(Count >= 1, nameof(Count), Count, "at least 1");
    }

    internal override void Apply(ref RandomNumbers random, ImageShape image, ImageAugmentation settings, Span<float> pixels)
    {
        float value = settings.FillValue ?? settings.ValueRange.Low;
        for (int i = 0; i < Count; i++)
        {
            int top = random.Next(image.Height) - Size / 2, left = random.Next(image.Width) - Size / 2;
            int bottom = (int)Math.Min(image.Height, (long)top + Size), right = (int)Math.Min(image.Width, (long)left + Size);
            left = Math.Max(left, 0);
            for (int y = Math.Max(top, 0); y < bottom; y++)
                pixels.Slice((y * image.Width + left) * image.Channels, (right - left) * image.Channels).Fill(value);
        }
    }
}
