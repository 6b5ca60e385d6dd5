namespace MLNetDeep.Images.Codec;

/// <summary>
/// Changes the size of pictures of four bytes a pixel: by linear interpolation between pixel centres; where it shrinks, each
/// new pixel is the weighted mean of all pixels that it covers. Each channel by itself.
/// </summary>
internal static class Resampling
{
    /// <summary>All of a picture in another size.</summary>
    public static byte[] Resize(ReadOnlySpan<byte> pixels, int width, int height, int newWidth, int newHeight) =>
        Resize(pixels, width, newWidth, newHeight, new(width, 0, width, newWidth), new(height, 0, height, newHeight));

    /// <summary>A part of a picture in another size; its bounds may lie between pixels.</summary>
    public static byte[] Resize(ReadOnlySpan<byte> pixels, int width, int height, int newWidth, int newHeight, double left, double top, double partWidth, double partHeight) =>
        Resize(pixels, width, newWidth, newHeight, new(width, left, partWidth, newWidth), new(height, top, partHeight, newHeight));

    private static byte[] Resize(ReadOnlySpan<byte> pixels, int width, int newWidth, int newHeight, Axis across, Axis down)
    {
        byte[] result = new byte[newWidth * newHeight * 4];

        // First the direction that leaves less, so that what is held between is never much larger than the source or the result.
        if ((long)down.Count * newWidth <= (long)newHeight * across.Count)
        {
            float[] between = new float[down.Count * newWidth * 4];
            for (int y = 0; y < down.Count; y++)
            {
                for (int x = 0; x < newWidth; x++)
                {
                    ReadOnlySpan<float> weights = across.Of(x, out int first);
                    for (int c = 0; c < 4; c++)
                    {
                        int at = ((down.First + y) * width + across.First + first) * 4 + c;
                        float sum = 0;
                        for (int k = 0; k < weights.Length; k++)
                            sum += weights[k] * pixels[at + k * 4];
                        between[(y * newWidth + x) * 4 + c] = sum;
                    }
                }
            }

            int stride = newWidth * 4;
            for (int y = 0; y < newHeight; y++)
            {
                ReadOnlySpan<float> weights = down.Of(y, out int first);
                for (int i = 0; i < stride; i++)
                {
                    float sum = 0;
                    for (int k = 0; k < weights.Length; k++)
                        sum += weights[k] * between[(first + k) * stride + i];
                    result[y * stride + i] = ToByte(sum);
                }
            }
        }
        else
        {
            int stride = across.Count * 4;
            float[] between = new float[newHeight * stride];
            for (int y = 0; y < newHeight; y++)
            {
                ReadOnlySpan<float> weights = down.Of(y, out int first);
                for (int i = 0; i < stride; i++)
                {
                    int at = ((down.First + first) * width + across.First) * 4 + i;
                    float sum = 0;
                    for (int k = 0; k < weights.Length; k++)
                        sum += weights[k] * pixels[at + k * width * 4];
                    between[y * stride + i] = sum;
                }
            }

            for (int y = 0; y < newHeight; y++)
            {
                for (int x = 0; x < newWidth; x++)
                {
                    ReadOnlySpan<float> weights = across.Of(x, out int first);
                    for (int c = 0; c < 4; c++)
                    {
                        float sum = 0;
                        for (int k = 0; k < weights.Length; k++)
                            sum += weights[k] * between[y * stride + (first + k) * 4 + c];
                        result[(y * newWidth + x) * 4 + c] = ToByte(sum);
                    }
                }
            }
        }

        return result;
    }

    private static byte ToByte(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);

    // For each new position along an axis the old ones that it is made of, counted from the first that any is made of.
    private sealed class Axis
    {
        private readonly int[] _first;
        private readonly float[][] _weights;

        public Axis(int size, double start, double length, int newSize)
        {
            _first = new int[newSize];
            _weights = new float[newSize][];
            double step = length / newSize, reach = Math.Max(step, 1);
            for (int i = 0; i < newSize; i++)
            {
                double center = start + (i + 0.5) * step - 0.5;
                int first = Math.Clamp((int)Math.Floor(center - reach) + 1, 0, size - 1);
                int last = Math.Clamp((int)Math.Ceiling(center + reach) - 1, first, size - 1);
                float[] weights = new float[last - first + 1];
                double sum = 0;
                for (int k = first; k <= last; k++)
                    sum += 1 - Math.Min(Math.Abs(k - center), reach) / reach;
                for (int k = first; k <= last; k++)
                    weights[k - first] = sum > 0 ? (float)((1 - Math.Min(Math.Abs(k - center), reach) / reach) / sum) : 1f / weights.Length;
                _first[i] = first;
                _weights[i] = weights;
            }

            First = _first[0];
            Count = _first[^1] + _weights[^1].Length - First;
        }

        /// <summary>The first old position that is needed.</summary>
        public int First { get; }

        /// <summary>The number of old positions from there that are needed.</summary>
        public int Count { get; }

        public ReadOnlySpan<float> Of(int index, out int first)
        {
            first = _first[index] - First;
            return _weights[index];
        }
    }
}
