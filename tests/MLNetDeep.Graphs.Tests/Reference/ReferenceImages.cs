namespace MLNetDeep.Graphs.Tests.Reference;

/// <summary>Convolutions and pools, cell by cell.</summary>
internal static class ReferenceImages
{
    /// <summary>The convolution's sum of image times filter times output, seen from the side that is wanted.</summary>
    public static Array64 Convolve(Array64 x, Array64 w, Array64 y, Attributes a, Array64 wanted)
    {
        int groups = a.Get<int>("groups"), inputs = x.Dims[3] / groups, filters = w.Dims[3] / groups;
        foreach ((int[] at, int[] window, int[] cell) in Cells(x.Dims, y.Dims, w.Dims[0], w.Dims[1], a))
        {
            for (int f = 0; f < w.Dims[3]; f++)
            {
                for (int c = 0; c < inputs; c++)
                {
                    int xi = x.Offset([at[0], cell[0], cell[1], f / filters * inputs + c]), wi = w.Offset([window[0], window[1], c, f]), yi = y.Offset([at[0], at[1], at[2], f]);
                    if (wanted == y)
                        y.Data[yi] += x.Data[xi] * w.Data[wi];
                    else if (wanted == x)
                        x.Data[xi] += y.Data[yi] * w.Data[wi];
                    else
                        w.Data[wi] += x.Data[xi] * y.Data[yi];
                }
            }
        }

        return wanted;
    }

    /// <summary>For each element of a pool's output, the offset of the first maximum of its window.</summary>
    public static int[] Maxima(Array64 x, int[] y, Attributes a)
    {
        int channels = x.Dims[3];
        Array64 best = Array64.Zeros(y);
        int[] from = new int[best.Data.Length];
        Array.Fill(from, -1);
        foreach ((int[] at, _, int[] cell) in Cells(x.Dims, y, a.Get<int[]>("ksize")[0], a.Get<int[]>("ksize")[1], a))
        {
            for (int c = 0; c < channels; c++)
            {
                int to = best.Offset([at[0], at[1], at[2], c]), i = x.Offset([at[0], cell[0], cell[1], c]);
                if (from[to] < 0 || x.Data[i] > x.Data[from[to]])
                    from[to] = i;
            }
        }

        return from;
    }

    /// <summary>Averages from x to y, or y's elements shared out over x.</summary>
    public static Array64 Average(Array64 x, Array64 y, Attributes a, bool forward)
    {
        int[] size = a.Get<int[]>("ksize");
        Array64 counts = Array64.Zeros(y.Dims[..3]);
        foreach ((int[] at, _, _) in Cells(x.Dims, y.Dims, size[0], size[1], a))
            counts[at]++;
        foreach ((int[] at, _, int[] cell) in Cells(x.Dims, y.Dims, size[0], size[1], a))
        {
            for (int c = 0; c < x.Dims[3]; c++)
            {
                int xi = x.Offset([at[0], cell[0], cell[1], c]), yi = y.Offset([at[0], at[1], at[2], c]);
                if (forward)
                    y.Data[yi] += x.Data[xi] / counts[at];
                else
                    x.Data[xi] += y.Data[yi] / counts[at];
            }
        }

        return forward ? y : x;
    }

    // Every place of a window (row, line, column) with every real cell under it: where it is in the window and in the image.
    private static IEnumerable<(int[] At, int[] Window, int[] Cell)> Cells(int[] x, int[] y, int height, int width, Attributes a)
    {
        int[] strides = a.Get<int[]>("strides"), pads = a.Get<int[]>("pads"), dilations = a.ContainsKey("dilations") ? a.Get<int[]>("dilations") : [1, 1];
        foreach (int[] at in Array64.Zeros(y[..3]).Indices())
        {
            for (int i = 0; i < height; i++)
            {
                for (int j = 0; j < width; j++)
                {
                    int line = at[1] * strides[0] + i * dilations[0] - pads[0], column = at[2] * strides[1] + j * dilations[1] - pads[2];
                    if ((uint)line < (uint)x[1] && (uint)column < (uint)x[2])
                        yield return (at, [i, j], [line, column]);
                }
            }
        }
    }
}
