using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;

namespace MLNetDeep.Exporting.TensorFlow.Emitters;

/// <summary>
/// Convolution and its two gradients. What TensorFlow's kernels for the processor lack is written so that they need not have it: groups are convolved one by one, or
/// by the depthwise operations; gradients of dilated filters are those of filters with zeros between the weights.
/// </summary>
internal static class Convolutions
{
    [Operation("Conv2D")]
    public static Value[] Conv2D(Emission e)
    {
        Shape x = e.InShape(0), w = e.InShape(1);
        Windows windows = Windows.Of(e.Attributes, x[1], x[2], w[0], w[1]);
        int groups = e.Attributes.Get<int>("groups");
        if (IsDepthwise(windows, w, groups))
        {
            (windows, Value padded) = Padded(e, windows, e.In(0));
            Value filters = Spread(e, windows, Depthwise(e, e.In(1), w));
            return [e.Op("DepthwiseConv2dNative", Emission.Float, [padded, filters], DepthwiseAttributes(windows))];
        }

        return [Grouped(e, groups, 3, e.OutShape(), (images, filters) => e.Op("Conv2D", Emission.Float, [images, filters], Attributes(windows, dilated: true)),
            (e.In(0), 3, x[3]), (e.In(1), 3, w[3]))];
    }

    [Operation("Conv2DBackpropInput")]
    public static Value[] BackpropInput(Emission e)
    {
        Shape w = e.InShape(0), x = e.OutShape(), dy = e.InShape(1);
        Windows windows = Windows.Of(e.Attributes, x[1], x[2], w[0], w[1]);
        int groups = e.Attributes.Get<int>("groups");
        if (IsDepthwise(windows, w, groups))
        {
            bool crop = !windows.IsValid && !windows.IsSame;
            Value sizes = crop ? e.Vector(x[0], windows.PaddedHeight, windows.PaddedWidth, x[3]) : e.Vector(x.Dims);
            Value filters = Spread(e, windows, Depthwise(e, e.In(0), w));
            Value dx = e.Op("DepthwiseConv2dNativeBackpropInput", Emission.Float, [sizes, filters, e.In(1)], DepthwiseAttributes(windows));
            return [crop ? windows.Crop(e, dx) : dx];
        }

        Value size = e.Vector(x[0], x[1], x[2], w[2]);
        return [Grouped(e, groups, 3, x,
            (filters, grad) => e.Op("Conv2DBackpropInput", Emission.Float, [size, Spread(e, windows, filters), grad], Attributes(windows, dilated: false)),
            (e.In(0), 3, w[3]), (e.In(1), 3, dy[3]))];
    }

    [Operation("Conv2DBackpropFilter")]
    public static Value[] BackpropFilter(Emission e)
    {
        Shape x = e.InShape(0), dy = e.InShape(1), w = e.OutShape();
        Windows windows = Windows.Of(e.Attributes, x[1], x[2], w[0], w[1]);
        int groups = e.Attributes.Get<int>("groups");
        int rows = (int)windows.Window.Height.Reach, columns = (int)windows.Window.Width.Reach;
        if (IsDepthwise(windows, w, groups))
        {
            (windows, Value padded) = Padded(e, windows, e.In(0));
            Value sizes = e.Integers([rows, columns, groups, w[3] / groups]);
            Value full = e.Op("DepthwiseConv2dNativeBackpropFilter", Emission.Float, [padded, sizes, e.In(1)], DepthwiseAttributes(windows));
            return [e.Reshape(Gathered(e, windows, full), w.Dims)];
        }

        return [Grouped(e, groups, 3, w, (images, grad) =>
        {
            Value sizes = e.Integers([rows, columns, w[2], w[3] / groups]);
            return Gathered(e, windows, e.Op("Conv2DBackpropFilter", Emission.Float, [images, sizes, grad], Attributes(windows, dilated: false)));
        }, (e.In(0), 3, x[3]), (e.In(1), 3, dy[3]))];
    }

    // TensorFlow's depthwise operations step alike in both directions.
    private static bool IsDepthwise(Windows windows, Shape w, int groups) => groups > 1 && w[2] == 1 && windows.Window.Height.Stride == windows.Window.Width.Stride;

    // (height, width, 1, channels · multiplier) to (height, width, channels, multiplier): the filters of one channel stand together in both.
    private static Value Depthwise(Emission e, Value filters, Shape w) => e.Reshape(filters, w[0], w[1], e.Attributes.Get<int>("groups"), w[3] / e.Attributes.Get<int>("groups"));

    // The images with zeros around where the padding has no name, and the windows over them.
    private static (Windows Windows, Value Images) Padded(Emission e, Windows windows, Value images)
    {
        if (windows.IsValid || windows.IsSame)
            return (windows, images);
        Window window = new(windows.Window.Height with { Before = 0, After = 0 }, windows.Window.Width with { Before = 0, After = 0 });
        return (windows with { Window = window, Height = windows.PaddedHeight, Width = windows.PaddedWidth }, e.Pad(images, windows.Cells));
    }

    private static Attr[] Attributes(Windows windows, bool dilated)
    {
        string padding = windows.IsValid ? "VALID" : windows.IsSame ? "SAME" : "EXPLICIT";
        return
        [
            ("T", Emission.Float), ("strides", windows.Strides), ("padding", padding), ("explicit_paddings", padding == "EXPLICIT" ? windows.Cells : []),
            ("data_format", "NHWC"), ("dilations", dilated ? windows.Dilations : [1, 1, 1, 1]),
        ];
    }

    // After padding, or with the crop that follows, what is neither VALID nor SAME is VALID.
    private static Attr[] DepthwiseAttributes(Windows windows) =>
    [
        ("T", Emission.Float), ("strides", windows.Strides), ("padding", !windows.IsValid && windows.IsSame ? "SAME" : "VALID"),
        ("data_format", "NHWC"), ("dilations", new[] { 1, 1, 1, 1 }),
    ];

    // One operation for each group, over parts of both inputs along an axis.
    private static Value Grouped(
        Emission e, int groups, int axis, Shape output, Func<Value, Value, Value> convolve, (Value Value, int Axis, int Size) a, (Value Value, int Axis, int Size) b)
    {
        if (groups == 1)
            return convolve(a.Value, b.Value);
        return e.Concat([.. Enumerable.Range(0, groups).Select(g => convolve(Part(a, g), Part(b, g)))], axis);

        Value Part((Value Value, int Axis, int Size) whole, int group)
        {
            int[] begin = new int[4], size = [-1, -1, -1, -1];
            size[whole.Axis] = whole.Size / groups;
            begin[whole.Axis] = group * size[whole.Axis];
            return e.Slice(whole.Value, begin, size);
        }
    }

    // Filters with the zeros between the weights that dilation stands for.
    private static Value Spread(Emission e, Windows windows, Value filters)
    {
        WindowAxis height = windows.Window.Height, width = windows.Window.Width;
        if (height.Dilation == 1 && width.Dilation == 1)
            return filters;

        // Each weight becomes a cell of (dilation) rows and columns with zeros after it; those after the last weight are cut off.
        int[] channels = FilterChannels(e);
        Value cells = e.Pad(e.Reshape(filters, height.Kernel, 1, width.Kernel, 1, channels[0] * channels[1]), [0, 0, 0, height.Dilation - 1, 0, 0, 0, width.Dilation - 1, 0, 0]);
        Value all = e.Reshape(cells, height.Kernel * height.Dilation, width.Kernel * width.Dilation, channels[0], channels[1]);
        return e.Slice(all, [0, 0, 0, 0], [(int)height.Reach, (int)width.Reach, -1, -1]);
    }

    // Of a gradient by such filters the cells that hold weights.
    private static Value Gathered(Emission e, Windows windows, Value full)
    {
        WindowAxis height = windows.Window.Height, width = windows.Window.Width;
        if (height.Dilation == 1 && width.Dilation == 1)
            return full;
        return e.Op(
            "StridedSlice", Emission.Float,
            [full, e.Integers([0, 0, 0, 0]), e.Integers([(int)height.Reach, (int)width.Reach, 0, 0]), e.Integers([height.Dilation, width.Dilation, 1, 1])],
            ("T", Emission.Float), ("Index", Emission.Int), ("begin_mask", 0b1100), ("end_mask", 0b1100));
    }

    // The last two axes of the filters that one of TensorFlow's operations takes.
    private static int[] FilterChannels(Emission e)
    {
        Shape w = e.Node.Op.Name == "Conv2D" ? e.InShape(1) : e.InShape(0);
        int groups = e.Attributes.Get<int>("groups");
        return groups > 1 && w[2] == 1 && IsSquare(e) ? [groups, w[3] / groups] : [w[2], w[3] / groups];
    }

    private static bool IsSquare(Emission e) => e.Attributes.Get<int[]>("strides") is [var rows, var columns] && rows == columns;
}
