using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Onnx.Emitters;

/// <summary>Convolutions and pools. Ours have the channels last and ONNX's have them first: each is put between two transposes, most of which <see cref="Passes.TransposePass"/> removes.</summary>
internal static class Images
{
    private static readonly int[] ToChannelsFirst = [0, 3, 1, 2], ToChannelsLast = [0, 2, 3, 1];

    [Operation("Conv2D")]
    public static OnnxValue Convolution(OnnxEmission e, Node node)
    {
        Shape kernel = node.Inputs[1].Shape;
        OnnxValue filters = e.Graph.Transpose(e.Input(node, 1), 3, 2, 0, 1);
        return Between(e, e.Input(node, 0), node.Outputs[0].Shape, "Conv", [filters],
            ("kernel_shape", (int[])[kernel[0], kernel[1]]), ("strides", node.Attributes.Get<int[]>("strides")), ("dilations", node.Attributes.Get<int[]>("dilations")),
            ("pads", Pads(node)), ("group", node.Attributes.Get<int>("groups")));
    }

    // The transposed convolution. What the strides leave over of the size is output padding.
    [Operation("Conv2DBackpropInput")]
    public static OnnxValue TransposedConvolution(OnnxEmission e, Node node)
    {
        Shape kernel = node.Inputs[0].Shape, from = node.Inputs[1].Shape, to = node.Outputs[0].Shape;
        int[] strides = node.Attributes.Get<int[]>("strides"), dilations = node.Attributes.Get<int[]>("dilations"), pads = Pads(node);
        int[] rest = [.. Enumerable.Range(0, 2).Select(i => to[i + 1] + pads[i] + pads[i + 2] - (dilations[i] * (kernel[i] - 1)) - 1 - (strides[i] * (from[i + 1] - 1)))];
        OnnxValue filters = e.Graph.Transpose(e.Input(node, 0), 3, 2, 0, 1);
        return Between(e, e.Input(node, 1), to, "ConvTranspose", [filters],
            ("kernel_shape", (int[])[kernel[0], kernel[1]]), ("strides", strides), ("dilations", dilations), ("pads", pads), ("output_padding", rest), ("group", node.Attributes.Get<int>("groups")));
    }

    [Operation("MaxPool")]
    public static OnnxValue MaxPool(OnnxEmission e, Node node) => Between(e, e.Input(node, 0), node.Outputs[0].Shape, "MaxPool", [],
        ("kernel_shape", node.Attributes.Get<int[]>("ksize")), ("strides", node.Attributes.Get<int[]>("strides")), ("pads", Pads(node)));

    [Operation("AvgPool")]
    public static OnnxValue AveragePool(OnnxEmission e, Node node) => Between(e, e.Input(node, 0), node.Outputs[0].Shape, "AveragePool", [],
        ("kernel_shape", node.Attributes.Get<int[]>("ksize")), ("strides", node.Attributes.Get<int[]>("strides")), ("pads", Pads(node)), ("count_include_pad", 0));

    // Windows side by side: each cell is shared out over its window, which is how networks repeat cells.
    [Operation("AvgPoolGrad")]
    public static OnnxValue Repeat(OnnxEmission e, Node node)
    {
        int[] size = node.Attributes.Get<int[]>("ksize"), strides = node.Attributes.Get<int[]>("strides");
        Shape from = node.Inputs[0].Shape, to = node.Outputs[0].Shape;
        if (!size.SequenceEqual(strides) || Pads(node).Any(p => p != 0) || to[1] != from[1] * size[0] || to[2] != from[2] * size[1])
            throw OnnxEmission.CannotExpress(node, "shares cells out over windows that overlap or do not fill the image, which only training does");
        OnnxValue repeated = Between(e, e.Input(node, 0), to, "Resize", [null, e.Graph.Constant((float[])[1, 1, size[0], size[1]], new Shape(4))],
            ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
        return e.Graph.Binary("Mul", repeated, e.Graph.Constant(1f / (size[0] * size[1])));
    }

    // Ours are top, bottom, left, right; ONNX's top, left, bottom, right.
    private static int[] Pads(Node node) => node.Attributes.Get<int[]>("pads") is [var top, var bottom, var left, var right] ? [top, left, bottom, right] : throw OnnxEmission.CannotExpress(node);

    private static OnnxValue Between(OnnxEmission e, OnnxValue x, Shape shape, string op, OnnxValue?[] more, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        OnnxValue images = e.Graph.Transpose(x, ToChannelsFirst);
        OnnxValue y = e.Graph.Add(op, OnnxType.Float, new Shape(shape[0], shape[3], shape[1], shape[2]), [images, .. more], attributes);
        return e.Graph.Transpose(y, ToChannelsLast);
    }
}
