namespace MLNetDeep.Graphs.Definitions;

// Convolution over height and width, in TensorFlow's layouts: images [batch, height, width, channels] and
// filters [height, width, channels / groups, filters], correlated (not mirrored). Attributes: strides and dilations [height, width],
// pads [top, bottom, left, right] of zeros, as numbers; groups: channels and filters fall into as many parts, each convolved on its own.
// The three operations are one trilinear form of image, filter and output seen from each of its three sides, so each one's gradients are the other two.
internal abstract class ConvolutionOp : OpDefinition
{
    // The output's shape for images x and filters w; null where they do not fit.
    protected static Shape? Output(Shape x, Shape w, Attributes attributes)
    {
        int groups = attributes.Get<int>("groups");
        if (x.Rank != 4 || w.Rank != 4 || w.IsBatched || x.BatchAxis > 0 || groups < 1 || (long)w[2] * groups != x[3] || w[3] % groups != 0)
            return null;
        Window window = Window.Of(attributes, w[0], w[1]);
        int height = window.Height.Positions(x[1]), width = window.Width.Positions(x[2]);
        return height < 1 || width < 1 ? null : new Shape(x[0], height, width, w[3]);
    }

    protected static void RequireFloats(IReadOnlyList<TensorSpec> inputs, string op)
    {
        if (inputs.Any(i => i.DType != DType.Float32))
            throw new ArgumentException($"{op}: expected Float32, received {string.Join(" and ", inputs)}.", nameof(inputs));
    }

    protected static string Describe(Attributes attributes) => string.Join(", ", attributes.Select(a => $"{a.Key} {a.Value}"));

    // Of a node of any of the three, with the sizes that another of them must be told.
    protected static Attributes With(Attributes attributes, string? sizes = null, Shape? of = null, int first = 0)
    {
        (string, AttributeValue)[] common =
        [
            ("strides", attributes["strides"]), ("dilations", attributes["dilations"]), ("pads", attributes["pads"]), ("groups", attributes["groups"]),
        ];
        return sizes is null ? new(common) : new([.. common, (sizes, (int[])[of![first], of[first + 1]])]);
    }

    protected static Tensor Forward(Tensor x, Tensor w, Attributes attributes) => Ops.Elementwise("Conv2D", [x, w], With(attributes));

    protected static Tensor BackpropInput(Tensor w, Tensor dy, Shape x, Attributes attributes) =>
        Ops.Elementwise("Conv2DBackpropInput", [w, dy], With(attributes, "input_sizes", x, 1));

    protected static Tensor BackpropFilter(Tensor x, Tensor dy, Shape w, Attributes attributes) =>
        Ops.Elementwise("Conv2DBackpropFilter", [x, dy], With(attributes, "filter_sizes", w));
}

// (x, w) to y.
internal sealed class Conv2D : ConvolutionOp
{
    public override string Name => "Conv2D";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 2);
        RequireFloats(inputs, Name);
        return Output(inputs[0].Shape, inputs[1].Shape, attributes) is { } y
            ? [new(DType.Float32, y)]
            : throw Misfit($"images (batch, height, width, channels) that filters (height, width, channels / groups, filters) fit into, with {Describe(attributes)}", inputs);
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        Tensor x = node.Inputs[0], w = node.Inputs[1], dy = gradients[0]!;
        return [BackpropInput(w, dy, x.Shape, node.Attributes), BackpropFilter(x, dy, w.Shape, node.Attributes)];
    }
}

// (w, dy) to dx; attribute input_sizes: height and width of dx.
internal sealed class Conv2DBackpropInput : ConvolutionOp
{
    public override string Name => "Conv2DBackpropInput";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 2);
        RequireFloats(inputs, Name);
        Shape w = inputs[0].Shape, dy = inputs[1].Shape;
        if (w.Rank == 4 && dy.Rank == 4 && attributes.Get<int[]>("input_sizes") is [> 0 and var height, > 0 and var width])
        {
            Shape x = new(dy[0], height, width, checked(w[2] * attributes.Get<int>("groups")));
            if (Output(x, w, attributes) is { } y && y.Equals(dy))
                return [new(DType.Float32, x)];
        }

        throw Misfit($"filters and the gradient of their convolution's output, with {Describe(attributes)}", inputs);
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        Tensor w = node.Inputs[0], dy = node.Inputs[1], dz = gradients[0]!;
        return [BackpropFilter(dz, dy, w.Shape, node.Attributes), Forward(dz, w, node.Attributes)];
    }
}

// (x, dy) to dw; attribute filter_sizes: height and width of dw.
internal sealed class Conv2DBackpropFilter : ConvolutionOp
{
    public override string Name => "Conv2DBackpropFilter";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 2);
        RequireFloats(inputs, Name);
        Shape x = inputs[0].Shape, dy = inputs[1].Shape;
        int groups = attributes.Get<int>("groups");
        if (x.Rank == 4 && dy.Rank == 4 && groups > 0 && x[3] >= groups && dy[3] > 0 && attributes.Get<int[]>("filter_sizes") is [> 0 and var height, > 0 and var width])
        {
            Shape w = new(height, width, x[3] / groups, dy[3]);
            if (Output(x, w, attributes) is { } y && y.Equals(dy))
                return [new(DType.Float32, w)];
        }

        throw Misfit($"images and the gradient of their convolution's output, with {Describe(attributes)}", inputs);
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        Tensor x = node.Inputs[0], dy = node.Inputs[1], dz = gradients[0]!;
        return [BackpropInput(dz, dy, x.Shape, node.Attributes), Forward(x, dz, node.Attributes)];
    }
}
