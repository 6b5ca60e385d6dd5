namespace MLNetDeep.Images.Tests.Support;

/// <summary>Made-up pictures.</summary>
internal static class Pictures
{
    /// <summary>A PNG file of one colour.</summary>
    public static byte[] Plain(int width, int height, params byte[] color) =>
        Bytes(new(width, height, color.Length, [.. Enumerable.Repeat(color, width * height).SelectMany(c => c)]));

    public static byte[] Bytes(PngImage image)
    {
        using MemoryStream stream = new();
        image.Save(stream);
        return stream.ToArray();
    }

    /// <summary>A folder of discs and frames, of random size, place and brightness.</summary>
    public static void Shapes(TempFolder folder, int each, int size = 16, int channels = 3)
    {
        Random random = new(7);
        for (int i = 0; i < each; i++)
        {
            folder.Write($"disc/{i:00}.png", Bytes(Shape(random, size + i % 3 * 4, channels, disc: true)));
            folder.Write($"frame/{i:00}.png", Bytes(Shape(random, size + i % 3 * 4, channels, disc: false)));
        }
    }

    private static PngImage Shape(Random random, int size, int channels, bool disc)
    {
        float middleX = size / 2f + random.Next(-1, 2), middleY = size / 2f + random.Next(-1, 2), radius = size * (0.3f + 0.1f * random.NextSingle());
        float bright = 0.7f + 0.3f * random.NextSingle();
        float[] pixels = new float[size * size * channels];
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                float dx = Math.Abs(x + 0.5f - middleX), dy = Math.Abs(y + 0.5f - middleY);
                bool inside = disc ? dx * dx + dy * dy < radius * radius : Math.Abs(Math.Max(dx, dy) - radius) < size * 0.07f;
                pixels.AsSpan((y * size + x) * channels, channels).Fill(inside ? bright : 0.1f * random.NextSingle());
            }
        }

        return PngImage.FromFloats(pixels, size, size, channels);
    }
}
