using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Onnx.Emitters;

/// <summary>Operations that move values about.</summary>
internal static class Movement
{
    [Operation("Reshape")]
    public static OnnxValue Reshape(OnnxEmission e, Node node) => e.Graph.Reshape(e.Input(node, 0), node.Outputs[0].Shape);

    [Operation("Transpose")]
    public static OnnxValue Transpose(OnnxEmission e, Node node) => e.Graph.Transpose(e.Input(node, 0), node.Attributes.Get<int[]>("perm"));

    [Operation("ConcatV2")]
    public static OnnxValue Concatenate(OnnxEmission e, Node node)
    {
        OnnxValue first = e.Input(node, 0);
        return node.Inputs.Count == 1 ? first : e.Graph.Add("Concat", first.Type, node.Outputs[0].Shape, node.Inputs.Select(e.Get), ("axis", Axis(node)));
    }

    [Operation("Slice")]
    public static OnnxValue Slice(OnnxEmission e, Node node)
    {
        int axis = Axis(node), begin = node.Attributes.Get<int>("begin"), size = node.Attributes.Get<int>("size");
        OnnxValue x = e.Input(node, 0);
        if (size > 0)
            return e.Graph.Slice(x, axis, begin, size);

        // Along the batch, both count in multiples of it.
        return e.Graph.Add("Slice", x.Type, node.Outputs[0].Shape, [x, e.Graph.Batch(-begin), e.Graph.Batch(-(begin + size)), e.Graph.Longs(axis)]);
    }

    [Operation("Pad")]
    public static OnnxValue Pad(OnnxEmission e, Node node)
    {
        Shape shape = node.Inputs[0].Shape;
        int axis = Axis(node);
        if (shape[axis] < 0)
            throw OnnxEmission.CannotExpress(node, "pads the batch, which only training does");
        int[] pads = new int[2 * shape.Rank];
        pads[axis] = node.Attributes.Get<int>("before");
        pads[shape.Rank + axis] = node.Attributes.Get<int>("after");
        return e.Graph.Add("Pad", OnnxType.Float, node.Outputs[0].Shape, [e.Input(node, 0)], ("pads", pads));
    }

    [Operation("BroadcastLike")]
    public static OnnxValue Broadcast(OnnxEmission e, Node node)
    {
        Shape shape = node.Outputs[0].Shape;
        return e.Graph.Add("Expand", OnnxType.Float, shape, [e.Input(node, 0), e.Graph.Dimensions(shape)]);
    }

    [Operation("GatherV2")]
    public static OnnxValue Gather(OnnxEmission e, Node node) => e.Graph.Add("Gather", OnnxType.Float, node.Outputs[0].Shape, [e.Input(node, 0), e.Input(node, 1)], ("axis", 0));

    // By comparison: ONNX's OneHot counts negative ids from the end, ours are in no class.
    [Operation("OneHot")]
    public static OnnxValue OneHot(OnnxEmission e, Node node)
    {
        int depth = node.Attributes.Get<int>("depth");
        OnnxValue ids = e.Input(node, 0);
        OnnxValue column = e.Graph.Reshape(ids, new Shape([.. ids.Shape.Dims, 1]));
        OnnxValue same = e.Graph.Binary("Equal", column, e.Graph.Constant([.. Enumerable.Range(0, depth)], new Shape(depth)), OnnxType.Bool);
        return e.Graph.Add(
            "Where", OnnxType.Float, node.Outputs[0].Shape, [same, e.Graph.Constant(node.Attributes.Get<float>("on_value")), e.Graph.Constant(node.Attributes.Get<float>("off_value"))]);
    }

    // A number: of the axes only the batch is unknown before the run.
    [Operation("ElementCount")]
    public static OnnxValue Count(OnnxEmission e, Node node)
    {
        Shape shape = node.Inputs[0].Shape;
        int[] axes = [.. node.Attributes.Get<int[]>("axes").Select(shape.Axis).Distinct()];
        int fixedPart = axes.Where(a => shape[a] > 0).Aggregate(1, (product, a) => checked(product * shape[a]));
        if (!axes.Contains(shape.BatchAxis))
            return e.Graph.Constant(fixedPart);
        OnnxValue count = e.Graph.Cast(e.Graph.Batch(checked(fixedPart * -shape[shape.BatchAxis])), OnnxType.Float);
        return e.Graph.Reshape(count, Shape.Scalar);
    }

    private static int Axis(Node node) => node.Inputs[0].Shape.Axis(node.Attributes.Get<int>("axis"));
}
