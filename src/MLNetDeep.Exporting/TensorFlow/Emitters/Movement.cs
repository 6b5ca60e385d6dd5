using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.TensorFlow.Emitters;

/// <summary>Constants, and operations that move elements or pick them.</summary>
internal static class Movement
{
    [Operation("Const")]
    public static Value[] Const(Emission e)
    {
        ReadOnlySpan<int> dims = e.OutShape().Dims;
        return [e.Attributes["value"].Value is int[] ints ? e.Constant<int>(Emission.Int, ints, dims) : e.Constant<float>(Emission.Float, e.Attributes.Get<float[]>("value"), dims)];
    }

    [Operation("Identity"), Operation("StopGradient")]
    public static Value[] Same(Emission e) => e.Direct();

    [Operation("Reshape")]
    public static Value[] Reshape(Emission e) => [e.Reshape(e.In(0), Unknown(e.OutShape()))];

    [Operation("Transpose")]
    public static Value[] Transpose(Emission e) => [e.Transpose(e.In(0), e.Attributes.Get<int[]>("perm"))];

    // TensorFlow joins two or more.
    [Operation("ConcatV2")]
    public static Value[] Concat(Emission e) =>
        e.InputCount == 1 ? [e.Op("Identity", e.In(0).Type, [e.In(0)], ("T", e.In(0).Type))] : [e.Concat([.. Enumerable.Range(0, e.InputCount).Select(e.In)], e.OutShape().Axis(e.Attributes.Get<int>("axis")))];

    [Operation("Slice")]
    public static Value[] Slice(Emission e)
    {
        Shape shape = e.InShape(0);
        int axis = shape.Axis(e.Attributes.Get<int>("axis"));
        int[] begin = new int[shape.Rank];
        begin[axis] = e.Attributes.Get<int>("begin");

        // Along the batched axis begin and size are multiples of the batch, known at run time; then all sizes are written out.
        if (shape.BatchAxis == axis)
            return [e.Slice(e.In(0), e.Vector(begin), e.Vector(e.OutShape().Dims))];
        int[] size = [.. Enumerable.Repeat(-1, shape.Rank)];
        size[axis] = e.Attributes.Get<int>("size");
        return [e.Slice(e.In(0), begin, size)];
    }

    [Operation("Pad")]
    public static Value[] Pad(Emission e)
    {
        Shape shape = e.InShape(0);
        int axis = shape.Axis(e.Attributes.Get<int>("axis"));
        int[] cells = new int[2 * shape.Rank];
        cells[2 * axis] = e.Attributes.Get<int>("before");
        cells[(2 * axis) + 1] = e.Attributes.Get<int>("after");
        if (shape.BatchAxis != axis)
            return [e.Pad(e.In(0), cells)];
        Value counted = e.Reshape(e.Vector(cells), shape.Rank, 2);
        return [e.Op("Pad", e.In(0).Type, [e.In(0), counted], ("T", e.In(0).Type), ("Tpaddings", Emission.Int))];
    }

    [Operation("BroadcastLike")]
    public static Value[] BroadcastLike(Emission e) =>
        [e.Op("BroadcastTo", e.In(0).Type, [e.In(0), e.Vector(e.OutShape().Dims)], ("T", e.In(0).Type), ("Tidx", Emission.Int))];

    [Operation("GatherV2")]
    public static Value[] Gather(Emission e) => [e.Op(
        "GatherV2", Emission.Float, [e.In(0), e.In(1), e.Number(0)], ("Tparams", Emission.Float), ("Tindices", Emission.Int), ("Taxis", Emission.Int))];

    [Operation("UnsortedSegmentSum")]
    public static Value[] UnsortedSegmentSum(Emission e) => [e.Op(
        "UnsortedSegmentSum", Emission.Float, [e.In(0), e.In(1), e.Number(e.Attributes.Get<int>("num_segments"))],
        ("T", Emission.Float), ("Tindices", Emission.Int), ("Tnumsegments", Emission.Int))];

    [Operation("OneHot")]
    public static Value[] OneHot(Emission e) => [e.Op(
        "OneHot", Emission.Float,
        [e.In(0), e.Number(e.Attributes.Get<int>("depth")), e.Number(e.Attributes.Get<float>("on_value")), e.Number(e.Attributes.Get<float>("off_value"))],
        ("T", Emission.Float), ("TI", Emission.Int), ("axis", -1))];

    // To a fixed length, TensorFlow's own operation; to a batched one, a reshape to the run's batch, which fails where it is another.
    [Operation("EnsureShape")]
    public static Value[] EnsureShape(Emission e) => e.OutShape().IsBatched
        ? [e.Op("Reshape", e.In(0).Type, [e.In(0), e.Vector(e.OutShape().Dims)], ("T", e.In(0).Type), ("Tshape", Emission.Int))]
        : [e.Op("EnsureShape", e.In(0).Type, [e.In(0)], ("T", e.In(0).Type), ("shape", TensorFlowText.Shape(e.OutShape().Dims)))];

    private static int[] Unknown(Shape shape) => [.. shape.Dims.ToArray().Select(d => d < 0 ? -1 : d)];
}
