namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>Convolutions of images [batch, height, width, channels] and their gradients, within the bounds of TensorFlow's CPU kernels.</summary>
internal static class ConvolutionOperations
{
    private enum Side
    {
        Output,
        Input,
        Filter,
    }

    public static Dictionary<string, Func<OpCall, Value>> Table { get; } = new()
    {
        ["Conv2D"] = call => Full(call, Side.Output, call[0].Dims, call[1].Dims),
        ["Conv2DBackpropInput"] = call => Full(call, Side.Input, call[0].ToInts(), call[1].Dims),
        ["Conv2DBackpropFilter"] = call => Full(call, Side.Filter, call[0].Dims, call[1].ToInts()),
        ["DepthwiseConv2dNative"] = call => Depthwise(call, Side.Output, call[0].Dims, call[1].Dims),
        ["DepthwiseConv2dNativeBackpropInput"] = call => Depthwise(call, Side.Input, call[0].ToInts(), call[1].Dims),
        ["DepthwiseConv2dNativeBackpropFilter"] = call => Depthwise(call, Side.Filter, call[0].Dims, call[1].ToInts()),
    };

    // Filter [height, width, channels, filters]: each output channel sums over all channels.
    private static Value Full(OpCall call, Side wanted, int[] x, int[] w)
    {
        if (x.Length != 4 || w.Length != 4)
            throw call.Error($"takes images and filters of four axes, received [{string.Join(", ", x)}] and [{string.Join(", ", w)}]");

        // The CPU kernels of the gradients refuse both, and those of the forward op refuse groups once a bias is fused to it.
        if (x[3] != w[2])
            throw call.Error($"is grouped ({x[3]} channels, filters of {w[2]}), which TensorFlow's CPU kernels are not");
        if (wanted != Side.Output && call.List("dilations", [1, 1, 1, 1]).Any(d => d != 1))
            throw call.Error("is dilated, which the CPU kernels of convolutions' gradients are not");
        int channels = w[2], filters = w[3];
        return Run(call, wanted, x, w, filters, (image, filter, output, add) =>
        {
            for (int c = 0; c < channels; c++)
            {
                for (int f = 0; f < filters; f++)
                    add(image + c, filter + (c * filters) + f, output + f);
            }
        });
    }

    // Filter [height, width, channels, multiplier]: output channel c * multiplier + m is of channel c alone.
    private static Value Depthwise(OpCall call, Side wanted, int[] x, int[] w)
    {
        if (x.Length != 4 || w.Length != 4 || x[3] != w[2])
            throw call.Error($"takes images and filters of as many channels, received [{string.Join(", ", x)}] and [{string.Join(", ", w)}]");
        int[] strides = call.List("strides");
        if (strides[1] != strides[2])
            throw call.Error($"has strides {strides[1]} and {strides[2]}; TensorFlow's are equal in rows and columns");
        if (call.List("dilations", [1, 1, 1, 1]).Any(d => d != 1))
            throw call.Error("is dilated, which TensorFlow's CPU kernel is not");
        int channels = w[2], multiplier = w[3];
        return Run(call, wanted, x, w, channels * multiplier, (image, filter, output, add) =>
        {
            for (int c = 0; c < channels; c++)
            {
                for (int m = 0; m < multiplier; m++)
                    add(image + c, filter + (c * multiplier) + m, output + (c * multiplier) + m);
            }
        });
    }

    // All three sides are one sum over (image cell, filter cell, output cell).
    private static Value Run(OpCall call, Side wanted, int[] x, int[] w, int outputs, Action<int, int, int, Action<int, int, int>> cells)
    {
        call.RequireCount(wanted == Side.Output ? 2 : 3);
        (Window height, Window width) = Window.Of(call, x[1], x[2], w[0], w[1]);
        int[] y = [x[0], height.Positions, width.Positions, outputs];
        (double[] image, double[] filter, double[] output) = (Data(Side.Input, 0, x), Data(Side.Filter, 1, w), Data(Side.Output, 2, y));
        Action<int, int, int> add = wanted switch
        {
            Side.Output => (i, f, o) => output[o] += image[i] * filter[f],
            Side.Input => (i, f, o) => image[i] += output[o] * filter[f],
            _ => (i, f, o) => filter[f] += output[o] * image[i],
        };
        for (int n = 0; n < x[0]; n++)
        {
            for (int row = 0; row < y[1]; row++)
            {
                for (int column = 0; column < y[2]; column++)
                {
                    for (int i = 0; i < w[0]; i++)
                    {
                        for (int j = 0; j < w[1]; j++)
                        {
                            int r = height.Cell(row, i), c = width.Cell(column, j);
                            if (height.Holds(r) && width.Holds(c))
                                cells(((((n * x[1]) + r) * x[2]) + c) * x[3], ((i * w[1]) + j) * w[2] * w[3], ((((n * y[1]) + row) * y[2]) + column) * y[3], add);
                        }
                    }
                }
            }
        }

        return Value.Of(call.Type("T"), wanted switch { Side.Output => y, Side.Input => x, _ => w }, wanted switch { Side.Output => output, Side.Input => image, _ => filter });

        double[] Data(Side side, int input, int[] dims)
        {
            if (side == wanted)
                return new double[Extents.Size(dims)];
            call.RequireType("T", input);
            return call[input].Dims.SequenceEqual(dims) ? call[input].Reals : throw call.Error($"takes [{string.Join(", ", dims)}] as input {input}, received {call[input]}");
        }
    }
}
