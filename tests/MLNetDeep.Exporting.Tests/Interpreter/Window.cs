namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>How a window moves over one axis.</summary>
internal readonly record struct Window(int Size, int Kernel, int Stride, int Dilation, int Before, int Positions)
{
    /// <summary>The cell that the window's <paramref name="tap"/> lies on at a position; may be outside of the axis.</summary>
    public int Cell(int position, int tap) => (position * Stride) - Before + (tap * Dilation);

    public bool Holds(int cell) => (uint)cell < (uint)Size;

    /// <summary>The windows over height and width of [batch, height, width, channels], by the attributes strides, padding, explicit_paddings and dilations.</summary>
    public static (Window Height, Window Width) Of(OpCall call, int height, int width, int kernelHeight, int kernelWidth)
    {
        if (call.Text("data_format", "NHWC") != "NHWC")
            throw call.Error($"has the data format {call.Text("data_format")}, which TensorFlow has on GPUs alone");
        int[] strides = call.List("strides"), dilations = call.List("dilations", [1, 1, 1, 1]), pads = call.List("explicit_paddings", []);
        if (strides is not [1, > 0, > 0, 1] || dilations is not [1, > 0, > 0, 1])
            throw call.Error($"has strides [{string.Join(", ", strides)}] and dilations [{string.Join(", ", dilations)}]");
        string padding = call.Text("padding");
        if (padding == "EXPLICIT" ? pads is not [0, 0, >= 0, >= 0, >= 0, >= 0, 0, 0] : pads.Length != 0)
            throw call.Error($"has padding {padding} with explicit paddings [{string.Join(", ", pads)}]");
        return (Along(height, kernelHeight, strides[1], dilations[1], padding == "EXPLICIT" ? (pads[2], pads[3]) : null),
            Along(width, kernelWidth, strides[2], dilations[2], padding == "EXPLICIT" ? (pads[4], pads[5]) : null));

        Window Along(int size, int kernel, int stride, int dilation, (int Before, int After)? given)
        {
            int reach = ((kernel - 1) * dilation) + 1;
            if (padding == "SAME")
            {
                // As many positions as strides fit, the padding halved, the odd cell after.
                int same = (size + stride - 1) / stride, needed = Math.Max(((same - 1) * stride) + reach - size, 0);
                return new(size, kernel, stride, dilation, needed / 2, same);
            }

            if (padding is not ("VALID" or "EXPLICIT"))
                throw call.Error($"has padding {padding}");
            (int before, int after) = given ?? (0, 0);
            int positions = (size + before + after - reach + stride) / stride;
            return size + before + after >= reach ? new(size, kernel, stride, dilation, before, positions) : throw call.Error($"has a window of {reach} over {size} cells");
        }
    }
}
