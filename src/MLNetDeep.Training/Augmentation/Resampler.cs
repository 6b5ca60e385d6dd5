namespace MLNetDeep.Training.Augmentation;

/// <summary>Moves the pixels of a picture by a map, with bilinear interpolation where they do not fall on pixels.</summary>
internal static class Resampler
{
    /// <summary>Writes the moved picture.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="target">Where the moved one goes; must not overlap.</param>
    /// <param name="image">The size of both.</param>
    /// <param name="map">Where pixels come from.</param>
    /// <param name="mode">What stands where the picture does not reach.</param>
    /// <param name="fill">That value, for <see cref="FillMode.Constant"/>.</param>
    public static void Move(ReadOnlySpan<float> source, Span<float> target, ImageShape image, in AffineMap map, FillMode mode, float fill)
    {
        if (map.IsWhole)
            MoveWhole(source, target, image, map, mode, fill);
        else
            Interpolate(source, target, image, map, mode, fill);
    }

    // Pixels go to pixels and keep their bits.
    private static void MoveWhole(ReadOnlySpan<float> source, Span<float> target, ImageShape image, in AffineMap map, FillMode mode, float fill)
    {
        (int height, int width, int channels) = image;
        int stepY = (int)map.YY, stepX = (int)map.XX;
        int startY = (int)map.Y + (stepY < 0 ? height - 1 : 0), startX = (int)map.X + (stepX < 0 ? width - 1 : 0);
        for (int y = 0; y < height; y++)
        {
            Span<float> to = target.Slice(y * width * channels, width * channels);
            int fromY = Inside(startY + stepY * y, height, mode);
            if (fromY < 0)
            {
                to.Fill(fill);
                continue;
            }

            ReadOnlySpan<float> from = source.Slice(fromY * width * channels, width * channels);
            for (int x = 0; x < width; x++)
            {
                int fromX = startX + stepX * x;
                if (stepX > 0 && fromX >= 0 && fromX < width)
                {
                    int run = Math.Min(width - x, width - fromX);
                    from.Slice(fromX * channels, run * channels).CopyTo(to[(x * channels)..]);
                    x += run - 1;
                    continue;
                }

                fromX = Inside(fromX, width, mode);
                Span<float> pixel = to.Slice(x * channels, channels);
                if (fromX < 0)
                    pixel.Fill(fill);
                else
                    from.Slice(fromX * channels, channels).CopyTo(pixel);
            }
        }
    }

    private static void Interpolate(ReadOnlySpan<float> source, Span<float> target, ImageShape image, in AffineMap map, FillMode mode, float fill)
    {
        (int height, int width, int channels) = image;
        double middleY = (height - 1) * 0.5, middleX = (width - 1) * 0.5;
        (double yx, double xx) = (map.YX, map.XX);
        int at = 0;
        for (int y = 0; y < height; y++)
        {
            double rowY = map.YY * (y - middleY) + map.Y + middleY, rowX = map.XY * (y - middleY) + map.X + middleX;
            for (int x = 0; x < width; x++, at += channels)
            {
                double fromY = rowY + yx * (x - middleX), fromX = rowX + xx * (x - middleX);
                double floorY = Math.Floor(fromY), floorX = Math.Floor(fromX);
                int top = (int)floorY, left = (int)floorX;
                float down = (float)(fromY - floorY), right = (float)(fromX - floorX);
                Span<float> to = target.Slice(at, channels);
                if ((uint)top < (uint)(height - 1) && (uint)left < (uint)(width - 1))
                {
                    ReadOnlySpan<float> upper = source.Slice((top * width + left) * channels, 2 * channels);
                    ReadOnlySpan<float> lower = source.Slice(((top + 1) * width + left) * channels, 2 * channels);
                    for (int c = 0; c < to.Length; c++)
                    {
                        float a = upper[c] + (upper[channels + c] - upper[c]) * right;
                        float b = lower[c] + (lower[channels + c] - lower[c]) * right;
                        to[c] = a + (b - a) * down;
                    }

                    continue;
                }

                int topIn = Inside(top, height, mode), bottomIn = Inside(top + 1, height, mode);
                int leftIn = Inside(left, width, mode), rightIn = Inside(left + 1, width, mode);
                for (int c = 0; c < to.Length; c++)
                {
                    float topLeft = Pixel(source, topIn, leftIn, width, channels, c, fill), topRight = Pixel(source, topIn, rightIn, width, channels, c, fill);
                    float bottomLeft = Pixel(source, bottomIn, leftIn, width, channels, c, fill), bottomRight = Pixel(source, bottomIn, rightIn, width, channels, c, fill);
                    float a = topLeft + (topRight - topLeft) * right, b = bottomLeft + (bottomRight - bottomLeft) * right;
                    to[c] = a + (b - a) * down;
                }
            }
        }
    }

    private static float Pixel(ReadOnlySpan<float> source, int y, int x, int width, int channels, int channel, float fill) =>
        y < 0 || x < 0 ? fill : source[(y * width + x) * channels + channel];

    // The row or column whose pixels stand at a place; -1 for none.
    private static int Inside(int at, int size, FillMode mode)
    {
        if ((uint)at < (uint)size)
            return at;
        if (mode == FillMode.Constant)
            return -1;
        if (mode == FillMode.Nearest)
            return at < 0 ? 0 : size - 1;
        int period = 2 * size;
        at %= period;
        if (at < 0)
            at += period;
        return at < size ? at : period - 1 - at;
    }
}
