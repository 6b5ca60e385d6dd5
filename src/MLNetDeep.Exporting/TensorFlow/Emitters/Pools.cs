using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.TensorFlow.Emitters;

/// <summary>
/// Pooling and its gradients. Cells of the padding count for nothing, as in TensorFlow's SAME; other paddings become cells of the lowest number for maxima,
/// and zeros with the mean corrected for averages.
/// </summary>
internal static class Pools
{
    [Operation("MaxPool")]
    public static Value[] MaxPool(Emission e)
    {
        Windows windows = Of(e, e.InShape(0));
        return [e.Op("MaxPool", Emission.Float, [Lowest(e, windows, e.In(0))], Attributes(windows))];
    }

    [Operation("MaxPoolGrad")]
    public static Value[] MaxPoolGrad(Emission e)
    {
        Windows windows = Of(e, e.InShape(0));
        Value dx = e.Op("MaxPoolGrad", Emission.Float, [Lowest(e, windows, e.In(0)), e.In(1), e.In(2)], Attributes(windows));
        return [IsNamed(windows) ? dx : windows.Crop(e, dx)];
    }

    [Operation("MaxPoolGradGrad")]
    public static Value[] MaxPoolGradGrad(Emission e)
    {
        Windows windows = Of(e, e.InShape(0));
        Value dx = IsNamed(windows) ? e.In(2) : e.Pad(e.In(2), windows.Cells);
        return [e.Op("MaxPoolGradGrad", Emission.Float, [Lowest(e, windows, e.In(0)), e.In(1), dx], Attributes(windows))];
    }

    [Operation("AvgPool")]
    public static Value[] AvgPool(Emission e)
    {
        Windows windows = Of(e, e.InShape(0));
        Value x = IsNamed(windows) ? e.In(0) : e.Pad(e.In(0), windows.Cells);
        Value y = e.Op("AvgPool", Emission.Float, [x], Attributes(windows));
        return [IsNamed(windows) ? y : e.Arithmetic("Mul", y, Correction(e, windows))];
    }

    [Operation("AvgPoolGrad")]
    public static Value[] AvgPoolGrad(Emission e)
    {
        Shape x = e.OutShape();
        Windows windows = Of(e, x);
        bool named = IsNamed(windows);
        Value dy = named ? e.In(0) : e.Arithmetic("Mul", e.In(0), Correction(e, windows));
        Value sizes = named ? e.Vector(x.Dims) : e.Vector(x[0], windows.PaddedHeight, windows.PaddedWidth, x[3]);
        Value dx = e.Op("AvgPoolGrad", Emission.Float, [sizes, dy], Attributes(windows));
        return [named ? dx : windows.Crop(e, dx)];
    }

    private static Windows Of(Emission e, Shape x)
    {
        int[] ksize = e.Attributes.Get<int[]>("ksize");
        return Windows.Of(e.Attributes, x[1], x[2], ksize[0], ksize[1]);
    }

    private static bool IsNamed(Windows windows) => windows.IsValid || windows.IsSame;

    private static Attr[] Attributes(Windows windows) =>
    [
        ("T", Emission.Float), ("ksize", windows.KernelSize), ("strides", windows.Strides), ("padding", !windows.IsValid && windows.IsSame ? "SAME" : "VALID"), ("data_format", "NHWC"),
    ];

    private static Value Lowest(Emission e, Windows windows, Value x) => IsNamed(windows)
        ? x
        : e.Op("PadV2", Emission.Float, [x, e.Integers(windows.Cells, 4, 2), e.Number(float.MinValue)], ("T", Emission.Float), ("Tpaddings", Emission.Int));

    // The cells of a window over those that are not padding, by its place: (1, rows, columns, 1).
    private static Value Correction(Emission e, Windows windows)
    {
        float[] factors = new float[windows.Rows * windows.Columns];
        float cells = windows.Window.Height.Kernel * windows.Window.Width.Kernel;
        for (int row = 0; row < windows.Rows; row++)
        {
            for (int column = 0; column < windows.Columns; column++)
                factors[(row * windows.Columns) + column] = cells / (Real(windows.Window.Height, windows.Height, row) * Real(windows.Window.Width, windows.Width, column));
        }

        return e.Constant<float>(Emission.Float, factors, [1, windows.Rows, windows.Columns, 1]);
    }

    private static int Real(Graphs.Definitions.WindowAxis axis, int size, int position)
    {
        int first = (position * axis.Stride) - axis.Before;
        return Math.Min(first + axis.Kernel, size) - Math.Max(first, 0);
    }
}
