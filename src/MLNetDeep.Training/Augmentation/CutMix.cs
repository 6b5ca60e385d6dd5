using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>
/// Puts a rectangle of one picture over another, at the same place, and mixes what they should give in proportion to the areas
/// (Yun et al. 2019).
/// </summary>
/// <remarks>
/// The other picture is one of the same batch. The share of the rectangle is drawn for each picture from Beta(Alpha, Alpha); it has the
/// picture's proportions, its middle is any pixel, and what lies outside counts for nothing.
/// </remarks>
public sealed record CutMix : MixOperation
{
    /// <summary>Mixing of pictures by rectangles whose share comes from Beta(<paramref name="alpha"/>, <paramref name="alpha"/>).</summary>
    /// <param name="alpha">More than 0. Default 1: all shares are equally likely.</param>
    public CutMix(float alpha = 1)
        : base(alpha)
    {
    }

    internal override float Mix(ref RandomNumbers random, ImageShape image, Span<float> pixels, ReadOnlySpan<float> other)
    {
        double side = Math.Sqrt(1 - random.Beta(Alpha));
        int height = (int)(side * image.Height), width = (int)(side * image.Width);
        int top = random.Next(image.Height) - height / 2, left = random.Next(image.Width) - width / 2;
        int bottom = Math.Min(image.Height, top + height), right = Math.Min(image.Width, left + width);
        (top, left) = (Math.Max(top, 0), Math.Max(left, 0));
        for (int y = top; y < bottom; y++)
        {
            int start = (y * image.Width + left) * image.Channels, length = (right - left) * image.Channels;
            other.Slice(start, length).CopyTo(pixels.Slice(start, length));
        }

        return 1 - (float)((double)(bottom - top) * (right - left) / ((double)image.Height * image.Width));
    }
}
