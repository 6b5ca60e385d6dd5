namespace MLNetDeep.Explanations;

/// <summary>Numbers over a picture.</summary>
internal static class HeatMap
{
    /// <summary>A map in another size, by linear interpolation between the middles of cells; beyond the outermost it is theirs.</summary>
    public static void Resize(ReadOnlySpan<float> map, int height, int width, Span<float> target, int newHeight, int newWidth)
    {
        for (int y = 0; y < newHeight; y++)
        {
            (int top, int bottom, float down) = Between(y, newHeight, height);
            for (int x = 0; x < newWidth; x++)
            {
                (int left, int right, float across) = Between(x, newWidth, width);
                float above = map[top * width + left] + across * (map[top * width + right] - map[top * width + left]);
                float below = map[bottom * width + left] + across * (map[bottom * width + right] - map[bottom * width + left]);
                target[y * newWidth + x] = above + down * (below - above);
            }
        }
    }

    /// <summary>A map with what is below 0 cut off and, if so wanted, divided by its largest value, so that it is from 0 to 1.</summary>
    public static void Finish(Span<float> map, bool normalize)
    {
        float largest = 0;
        foreach (ref float value in map)
        {
            value = float.IsNaN(value) ? value : Math.Max(value, 0);
            largest = Math.Max(largest, value);
        }

        if (!normalize || largest is not > 0)
            return;
        foreach (ref float value in map)
            value /= largest;
    }

    private static (int First, int Second, float Share) Between(int index, int newSize, int size)
    {
        double at = Math.Clamp((index + 0.5) * size / newSize - 0.5, 0, size - 1);
        int first = (int)at;
        return (first, Math.Min(first + 1, size - 1), (float)(at - first));
    }
}
