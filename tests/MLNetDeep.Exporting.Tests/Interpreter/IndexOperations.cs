using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>Rows found by their numbers.</summary>
internal static class IndexOperations
{
    public static Dictionary<string, Func<OpCall, Value>> Table { get; } = new()
    {
        ["Gather"] = call => Gather(call[0], call[1], 0, 0),
        ["GatherV2"] = GatherV2,
        ["GatherNd"] = GatherNd,
        ["ScatterNd"] = ScatterNd,
        ["OneHot"] = OneHot,
        ["UnsortedSegmentSum"] = UnsortedSegmentSum,
    };

    public static Dictionary<string, Func<OpCall, Value[]>> Several { get; } = new()
    {
        ["TopKV2"] = TopK,
        ["Unique"] = Unique,
    };

    /// <summary>The parts of <paramref name="table"/> along an axis that <paramref name="ids"/> name; an id out of range is an error, as on TensorFlow's CPU.</summary>
    public static Value Gather(Value table, Value ids, int axis, int batchDims)
    {
        int size = table.Dims[axis], inner = Extents.Size(table.Dims.AsSpan(axis + 1));
        int batch = Extents.Size(table.Dims.AsSpan(0, batchDims)), middle = Extents.Size(table.Dims.AsSpan(batchDims, axis - batchDims)), each = ids.Length / Math.Max(batch, 1);
        int[] numbers = ids.ToInts();
        for (int i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] < 0 || numbers[i] >= size)
                throw new InvalidOperationException($"indices[{i}] = {numbers[i]} is not in [0, {size})");
        }

        int[] dims = [.. table.Dims[..axis], .. ids.Dims[batchDims..], .. table.Dims[(axis + 1)..]];
        return table.Pick(dims, i =>
        {
            int column = i % inner, id = i / inner % each, part = i / inner / each;
            return ((((part / middle * middle) + (part % middle)) * size) + numbers[(part / middle * each) + id]) * inner + column;
        });
    }

    private static Value GatherV2(OpCall call)
    {
        call.RequireCount(3);
        call.RequireType("Tparams", 0);
        call.RequireType("Tindices", 1);
        call.RequireType("Taxis", 2);
        return Gather(call[0], call[1], Extents.Axis(call[2].ToInt(), call[0].Rank), (int)call.Whole("batch_dims", 0));
    }

    private static Value GatherNd(OpCall call)
    {
        call.RequireType("Tparams", 0);
        call.RequireType("Tindices", 1);
        Value x = call[0], ids = call[1];
        int depth = ids.Dims[^1], inner = Extents.Size(x.Dims.AsSpan(depth));
        int[] places = ids.ToInts();
        return x.Pick([.. ids.Dims[..^1], .. x.Dims[depth..]], i => (Extents.Place(places.AsSpan(i / inner * depth, depth), x.Dims.AsSpan(0, depth)) * inner) + (i % inner));
    }

    // (indices [..., depth], updates, shape): what falls on one place is added up.
    private static Value ScatterNd(OpCall call)
    {
        call.RequireType("T", 1);
        call.RequireType("Tindices", 0, 2);
        Value ids = call[0], updates = call[1];
        int[] dims = call[2].ToInts(), places = ids.ToInts();
        int depth = ids.Dims[^1], inner = Extents.Size(dims.AsSpan(depth));
        double[] results = new double[Extents.Size(dims)];
        for (int i = 0; i < updates.Length; i++)
            results[(Extents.Place(places.AsSpan(i / inner * depth, depth), dims.AsSpan(0, depth)) * inner) + (i % inner)] += updates.Reals[i];
        return Value.Of(updates.Type, dims, results);
    }

    private static Value OneHot(OpCall call)
    {
        call.RequireCount(4);
        call.RequireType("T", 2, 3);
        call.RequireType("TI", 0);
        Value ids = call[0];
        int depth = call[1].ToInt(), axis = (int)call.Whole("axis", -1);
        axis = axis == -1 ? ids.Rank : axis;
        int[] dims = [.. ids.Dims[..axis], depth, .. ids.Dims[axis..]];
        int inner = Extents.Size(ids.Dims.AsSpan(axis));
        bool IsOn(int i) => ids.Wholes[(i / inner / depth * inner) + (i % inner)] == i / inner % depth;
        return call[2].IsReal
            ? Value.Of(call[2].Type, dims, [.. Enumerable.Range(0, Extents.Size(dims)).Select(i => IsOn(i) ? call[2].Reals[0] : call[3].Reals[0])])
            : Value.Of(call[2].Type, dims, [.. Enumerable.Range(0, Extents.Size(dims)).Select(i => IsOn(i) ? call[2].Wholes[0] : call[3].Wholes[0])]);
    }

    // A negative id's row is left out.
    private static Value UnsortedSegmentSum(OpCall call)
    {
        call.RequireCount(3);
        call.RequireType("T", 0);
        call.RequireType("Tindices", 1);
        call.RequireType("Tnumsegments", 2);
        Value data = call[0], ids = call[1];
        int segments = call[2].ToInt(), inner = Extents.Size(data.Dims.AsSpan(ids.Rank));
        if (!data.Dims.AsSpan(0, ids.Rank).SequenceEqual(ids.Dims))
            throw call.Error($"takes data whose first axes are those of the ids, received {data} and {ids}");
        double[] results = new double[segments * inner];
        for (int i = 0; i < ids.Length; i++)
        {
            long id = ids.Wholes[i];
            if (id >= segments)
                throw call.Error($"has the id {id}, which is not below {segments}");
            for (int j = 0; j < inner && id >= 0; j++)
                results[(id * inner) + j] += data.Reals[(i * inner) + j];
        }

        return Value.Of(data.Type, [segments, .. data.Dims[ids.Rank..]], results);
    }

    // Of equals the first.
    private static Value[] TopK(OpCall call)
    {
        Value x = call[0];
        int k = call[1].ToInt(), size = x.Dims[^1];
        int[] dims = [.. x.Dims[..^1], k];
        List<int> best = [];
        for (int row = 0; row < x.Length / size; row++)
            best.AddRange(Enumerable.Range(0, size).OrderByDescending(i => x.Reals[(row * size) + i]).ThenBy(i => i).Take(k));
        return [x.Pick(dims, i => (i / k * size) + best[i]), Value.Of(call.Type("index_type", DataType.DtInt32), dims, [.. best.Select(b => (long)b)])];
    }

    private static Value[] Unique(OpCall call)
    {
        long[] distinct = [.. call[0].Wholes.Distinct()];
        return
        [
            Value.Of(call[0].Type, [distinct.Length], distinct),
            Value.Of(call.Type("out_idx", DataType.DtInt32), call[0].Dims, [.. call[0].Wholes.Select(w => (long)Array.IndexOf(distinct, w))]),
        ];
    }
}
