namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>Arithmetic of dimensions and places, row by row.</summary>
internal static class Extents
{
    public static int Size(ReadOnlySpan<int> dims)
    {
        int size = 1;
        foreach (int dim in dims)
            size = checked(size * dim);
        return size;
    }

    /// <summary>Elements from one index of each axis to the next.</summary>
    public static int[] Strides(ReadOnlySpan<int> dims)
    {
        int[] strides = new int[dims.Length];
        int stride = 1;
        for (int i = dims.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride = checked(stride * dims[i]);
        }

        return strides;
    }

    /// <summary>The indices of a place.</summary>
    public static int[] Indices(int place, ReadOnlySpan<int> dims)
    {
        int[] indices = new int[dims.Length];
        for (int i = dims.Length - 1; i >= 0; i--)
        {
            indices[i] = place % dims[i];
            place /= dims[i];
        }

        return indices;
    }

    public static int Place(ReadOnlySpan<int> indices, ReadOnlySpan<int> dims)
    {
        int place = 0;
        for (int i = 0; i < dims.Length; i++)
        {
            if ((uint)indices[i] >= (uint)dims[i])
                throw new InvalidOperationException($"Index {indices[i]} of axis {i} is not in [0, {dims[i]}).");
            place = (place * dims[i]) + indices[i];
        }

        return place;
    }

    public static int Axis(int axis, int rank) =>
        axis >= -rank && axis < rank ? (axis + rank) % rank : throw new InvalidOperationException($"Axis {axis} is not among the {rank} axes.");

    /// <summary>NumPy's broadcasting: axes are matched from the last, and those of 1 stretch.</summary>
    public static int[] Broadcast(params ReadOnlySpan<int[]> shapes)
    {
        int rank = 0;
        foreach (int[] shape in shapes)
            rank = Math.Max(rank, shape.Length);
        int[] result = [.. Enumerable.Repeat(1, rank)];
        foreach (int[] shape in shapes)
        {
            for (int i = 0; i < shape.Length; i++)
            {
                ref int dim = ref result[rank - shape.Length + i];
                if (dim != shape[i] && dim != 1 && shape[i] != 1)
                    throw new InvalidOperationException($"Incompatible shapes: [{string.Join(",", shapes[0])}] vs. [{string.Join(",", shape)}].");
                dim = dim == 1 ? shape[i] : dim;
            }
        }

        return result;
    }

    /// <summary>For each place of <paramref name="to"/> the place in a tensor of dimensions <paramref name="from"/> that is stretched to it.</summary>
    public static int[] Stretched(int[] from, int[] to)
    {
        int[] strides = Strides(from), places = new int[Size(to)];
        for (int i = 0; i < places.Length; i++)
        {
            int[] indices = Indices(i, to);
            int place = 0;
            for (int d = 0; d < from.Length; d++)
                place += from[d] == 1 ? 0 : indices[to.Length - from.Length + d] * strides[d];
            places[i] = place;
        }

        return places;
    }
}
