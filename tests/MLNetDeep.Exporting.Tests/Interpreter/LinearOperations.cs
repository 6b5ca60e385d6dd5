namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>Products of matrices.</summary>
internal static class LinearOperations
{
    public static Dictionary<string, Func<OpCall, Value>> Table { get; } = new()
    {
        ["MatMul"] = MatMul,
        ["BatchMatMul"] = BatchMatMul,
        ["BatchMatMulV2"] = BatchMatMul,
        ["BiasAdd"] = BiasAdd,
        ["BiasAddGrad"] = BiasAddGrad,
    };

    private static Value MatMul(OpCall call)
    {
        call.RequireCount(2);
        call.RequireType("T", 0, 1);
        if (call[0].Rank != 2 || call[1].Rank != 2)
            throw call.Error($"takes two matrices, received {call[0]} and {call[1]}");
        return Product(call, call.Flag("transpose_a"), call.Flag("transpose_b"));
    }

    private static Value BatchMatMul(OpCall call)
    {
        call.RequireCount(2);
        call.RequireType("T", 0, 1);
        if (call[0].Rank < 2 || call[1].Rank < 2 || (call.Node.Op == "BatchMatMul" && !call[0].Dims[..^2].SequenceEqual(call[1].Dims[..^2])))
            throw call.Error($"takes tensors of matrices, received {call[0]} and {call[1]}");
        return Product(call, call.Flag("adj_x"), call.Flag("adj_y"));
    }

    private static Value Product(OpCall call, bool transposeA, bool transposeB)
    {
        Value a = call[0], b = call[1];
        int rows = a.Dims[transposeA ? ^1 : ^2], depth = a.Dims[transposeA ? ^2 : ^1], columns = b.Dims[transposeB ? ^2 : ^1];
        if (b.Dims[transposeB ? ^1 : ^2] != depth)
            throw call.Error($"cannot multiply {a}{(transposeA ? " transposed" : "")} and {b}{(transposeB ? " transposed" : "")}");
        int[] batch = Extents.Broadcast(a.Dims[..^2], b.Dims[..^2]), left = Extents.Stretched(a.Dims[..^2], batch), right = Extents.Stretched(b.Dims[..^2], batch);
        double[] results = new double[left.Length * rows * columns];
        for (int n = 0; n < left.Length; n++)
        {
            int ofA = left[n] * rows * depth, ofB = right[n] * depth * columns;
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    double sum = 0;
                    for (int k = 0; k < depth; k++)
                        sum += a.Reals[ofA + (transposeA ? (k * rows) + i : (i * depth) + k)] * b.Reals[ofB + (transposeB ? (j * depth) + k : (k * columns) + j)];
                    results[(((n * rows) + i) * columns) + j] = sum;
                }
            }
        }

        return Value.Of(a.Type, [.. batch, rows, columns], results);
    }

    // One number for each channel, the last axis.
    private static Value BiasAdd(OpCall call)
    {
        call.RequireCount(2);
        call.RequireType("T", 0, 1);
        if (call.Text("data_format", "NHWC") != "NHWC" || call[0].Rank < 2 || call[1].Rank != 1 || call[1].Dims[0] != call[0].Dims[^1])
            throw call.Error($"takes channels in the last axis and a vector of as many, received {call[0]} and {call[1]}");
        return ElementwiseOperations.Zip(call, call[0], call[1], (x, y) => x + y, null);
    }

    private static Value BiasAddGrad(OpCall call)
    {
        call.RequireType("T", 0);
        if (call.Text("data_format", "NHWC") != "NHWC" || call[0].Rank < 2)
            throw call.Error($"takes channels in the last axis, received {call[0]}");
        double[] sums = new double[call[0].Dims[^1]];
        for (int i = 0; i < call[0].Length; i++)
            sums[i % sums.Length] += call[0].Reals[i];
        return Value.Of(call[0].Type, [sums.Length], sums);
    }
}
