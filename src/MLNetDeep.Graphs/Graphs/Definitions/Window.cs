namespace MLNetDeep.Graphs.Definitions;

// How a window moves over height and width.
internal readonly record struct Window(WindowAxis Height, WindowAxis Width)
{
    // From the attributes strides, pads and, where there are any, dilations.
    public static Window Of(Attributes attributes, int height, int width)
    {
        int[] strides = List("strides", 2, 1), pads = List("pads", 4, 0), dilations = attributes.ContainsKey("dilations") ? List("dilations", 2, 1) : [1, 1];
        return new(new(height, strides[0], dilations[0], pads[0], pads[1]), new(width, strides[1], dilations[1], pads[2], pads[3]));

        int[] List(string name, int count, int least)
        {
            int[] values = attributes.Get<int[]>(name);
            return values.Length == count && values.All(v => v >= least) ? values : throw new ArgumentException(
                $"{name} is {attributes[name]}, expected {count} numbers of at least {least}.", nameof(attributes));
        }
    }
}

// The same along one axis.
internal readonly record struct WindowAxis(int Kernel, int Stride, int Dilation, int Before, int After)
{
    // Number of places that the window takes over this many cells; 0 where it does not fit.
    public int Positions(int size)
    {
        long free = (long)size + Before + After - Reach;
        return free < 0 ? 0 : (int)Math.Min((free / Stride) + 1, int.MaxValue);
    }

    // Cells from the window's first to its last.
    public long Reach => ((long)Dilation * (Kernel - 1)) + 1;
}
