namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>Pools over height and width of images [batch, height, width, channels]; cells of padding count neither for a maximum nor for an average.</summary>
internal static class PoolingOperations
{
    public static Dictionary<string, Func<OpCall, Value>> Table { get; } = new()
    {
        ["MaxPool"] = call => Max(call, 1),
        ["MaxPoolGrad"] = call => MaxGrad(call),
        ["MaxPoolGradGrad"] = call => MaxGradGrad(call),
        ["AvgPool"] = Average,
        ["AvgPoolGrad"] = AverageGrad,
    };

    private static Value Max(OpCall call, int inputs)
    {
        call.RequireCount(inputs);
        call.RequireType("T", 0);
        (int[] y, List<int>[] cells) = Cells(call, call[0].Dims);
        return Value.Of(call[0].Type, y, [.. cells.Select(c => c.Max(i => call[0].Reals[i]))]);
    }

    // (x, y, dy) to dx: of equals the first takes it.
    private static Value MaxGrad(OpCall call)
    {
        call.RequireCount(3);
        call.RequireType("T", 0, 1, 2);
        (int[] y, List<int>[] cells) = Cells(call, call[0].Dims);
        if (!call[1].Dims.SequenceEqual(y) || !call[2].Dims.SequenceEqual(y))
            throw call.Error($"takes an output and a gradient of [{string.Join(", ", y)}], received {call[1]} and {call[2]}");
        double[] dx = new double[call[0].Length];
        for (int i = 0; i < cells.Length; i++)
            dx[cells[i].MaxBy(c => call[0].Reals[c])] += call[2].Reals[i];
        return Value.Of(call[0].Type, call[0].Dims, dx);
    }

    // (x, y, dx) to dy.
    private static Value MaxGradGrad(OpCall call)
    {
        call.RequireCount(3);
        call.RequireType("T", 0, 1, 2);
        call.RequireSameShape(0, 2);
        (int[] y, List<int>[] cells) = Cells(call, call[0].Dims);
        if (!call[1].Dims.SequenceEqual(y))
            throw call.Error($"takes an output of [{string.Join(", ", y)}], received {call[1]}");
        return Value.Of(call[0].Type, y, [.. cells.Select(c => call[2].Reals[c.MaxBy(i => call[0].Reals[i])])]);
    }

    private static Value Average(OpCall call)
    {
        call.RequireCount(1);
        call.RequireType("T", 0);
        (int[] y, List<int>[] cells) = Cells(call, call[0].Dims);
        return Value.Of(call[0].Type, y, [.. cells.Select(c => c.Average(i => call[0].Reals[i]))]);
    }

    // (shape of x, dy) to dx.
    private static Value AverageGrad(OpCall call)
    {
        call.RequireCount(2);
        call.RequireType("T", 1);
        int[] x = call[0].ToInts();
        (int[] y, List<int>[] cells) = Cells(call, x);
        if (!call[1].Dims.SequenceEqual(y))
            throw call.Error($"takes a gradient of [{string.Join(", ", y)}], received {call[1]}");
        double[] dx = new double[Extents.Size(x)];
        for (int i = 0; i < cells.Length; i++)
        {
            foreach (int c in cells[i])
                dx[c] += call[1].Reals[i] / cells[i].Count;
        }

        return Value.Of(call[1].Type, x, dx);
    }

    // The output's dimensions, and for each of its elements the input's that the window holds, row by row.
    private static (int[] Dims, List<int>[] Cells) Cells(OpCall call, int[] x)
    {
        int[] kernel = call.List("ksize");
        if (x.Length != 4 || kernel is not [1, > 0, > 0, 1])
            throw call.Error($"takes images and ksize [1, height, width, 1], received [{string.Join(", ", x)}] and [{string.Join(", ", kernel)}]");
        if (call.Text("padding") is not ("SAME" or "VALID"))
            throw call.Error($"has padding {call.Text("padding")}, which TensorFlow's CPU kernels of pools have not");
        (Window height, Window width) = Window.Of(call, x[1], x[2], kernel[1], kernel[2]);
        int[] y = [x[0], height.Positions, width.Positions, x[3]];
        List<int>[] cells = new List<int>[Extents.Size(y)];
        for (int i = 0; i < cells.Length; i++)
        {
            int[] at = Extents.Indices(i, y);
            cells[i] = [];
            for (int r = 0; r < kernel[1]; r++)
            {
                for (int c = 0; c < kernel[2]; c++)
                {
                    int row = height.Cell(at[1], r), column = width.Cell(at[2], c);
                    if (height.Holds(row) && width.Holds(column))
                        cells[i].Add(((((at[0] * x[1]) + row) * x[2]) + column) * x[3] + at[3]);
                }
            }
        }

        return (y, cells);
    }
}
