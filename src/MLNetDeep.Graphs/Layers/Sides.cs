using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>Zeros around tensors, and cells off their sides.</summary>
internal static class Sides
{
    /// <summary>Adds zeros along the axes after the batch; two numbers an axis.</summary>
    public static Tensor Pad(Tensor x, IReadOnlyList<int> sides, string names)
    {
        Check(x, sides, names);
        for (int i = 0; i < sides.Count; i += 2)
            x = Ops.Pad(x, (i / 2) + 1, sides[i], sides[i + 1]);
        return x;
    }

    /// <summary>Leaves out cells along the axes after the batch; two numbers an axis.</summary>
    public static Tensor Crop(Tensor x, IReadOnlyList<int> sides, string names)
    {
        Check(x, sides, names);
        for (int i = 0; i < sides.Count; i += 2)
        {
            int axis = (i / 2) + 1;
            long left = (long)x.Shape[axis] - sides[i] - sides[i + 1];
            if (left < 1)
                throw new ArgumentException($"cropping [{string.Join(", ", sides)}] ({names}) leaves nothing.");
            x = Windows.Range(x, axis, sides[i], (int)left);
        }

        return x;
    }

    private static void Check(Tensor x, IReadOnlyList<int> sides, string names)
    {
        if (sides.Count != 2 * (x.Shape.Rank - 2) || sides.Any(s => s is < 0 or > 1 << 20))
            throw new ArgumentException($"received [{string.Join(", ", sides)}], expected {2 * (x.Shape.Rank - 2)} numbers of at least 0: {names}.");
    }
}
