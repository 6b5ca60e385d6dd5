using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.TensorFlow.Emitters;

/// <summary>Sums, means and maxima over axes.</summary>
internal static class Reductions
{
    [Operation("Sum"), Operation("Mean"), Operation("Max")]
    public static Value[] Reduce(Emission e) => [e.Op(
        e.Node.Op.Name, Emission.Float, [e.In(0), e.Integers(Axes(e))], ("T", Emission.Float), ("Tidx", Emission.Int), ("keep_dims", e.Attributes.Get<bool>("keep_dims")))];

    [Operation("ArgMax")]
    public static Value[] ArgMax(Emission e) => [e.Op(
        "ArgMax", Emission.Int, [e.In(0), e.Number(e.InShape(0).Axis(e.Attributes.Get<int>("axis")))], ("T", Emission.Float), ("Tidx", Emission.Int), ("output_type", Emission.Int))];

    [Operation("ElementCount")]
    public static Value[] ElementCount(Emission e)
    {
        Shape counted = new([.. Axes(e).Select(a => e.InShape(0)[a])]);
        return [counted.IsBatched ? e.Cast(e.Size(counted), Emission.Float) : e.Number((float)counted.UnitSize)];
    }

    private static int[] Axes(Emission e) => [.. e.Attributes.Get<int[]>("axes").Select(a => e.InShape(0).Axis(a))];
}
