using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>Shapes, and elements that only move.</summary>
internal static class MovementOperations
{
    public static Dictionary<string, Func<OpCall, Value>> Table { get; } = new()
    {
        ["Shape"] = call => Value.Vector(OutType(call, "out_type"), call[0].Dims),
        ["Size"] = call => Value.Of(OutType(call, "out_type"), [], [call[0].Length]),
        ["Rank"] = call => Value.Of(DataType.DtInt32, [], [call[0].Rank]),
        ["Reshape"] = Reshape,
        ["ExpandDims"] = ExpandDims,
        ["Squeeze"] = Squeeze,
        ["Transpose"] = Transpose,
        ["InvertPermutation"] = call => Value.Vector(call[0].Type, [.. call[0].ToInts().Select((p, i) => (p, i)).OrderBy(t => t.p).Select(t => t.i)]),
        ["ConcatV2"] = Concat,
        ["Pack"] = Pack,
        ["Slice"] = Slice,
        ["StridedSlice"] = StridedSlice,
        ["Pad"] = call => Pad(call, 0),
        ["PadV2"] = call => Pad(call, call[2].IsReal ? call[2].Reals[0] : call[2].Wholes[0]),
        ["Tile"] = Tile,
        ["Fill"] = call => call[1].Rank == 0 ? call[1].Pick(call[0].ToInts(), _ => 0) : throw call.Error($"takes one value, received {call[1]}"),
        ["BroadcastTo"] = BroadcastTo,
        ["Range"] = Range,
        ["ReverseV2"] = Reverse,
        ["Roll"] = Roll,
        ["MatrixBandPart"] = MatrixBandPart,
        ["BroadcastArgs"] = call => Value.Vector(call[0].Type, Extents.Broadcast(call[0].ToInts(), call[1].ToInts())),
    };

    public static Dictionary<string, Func<OpCall, Value[]>> Several { get; } = new()
    {
        ["ShapeN"] = call => [.. call.Inputs.Select(i => Value.Vector(OutType(call, "out_type"), i.Dims))],
        ["Split"] = call => Split(call, call[1], Extents.Axis(call[0].ToInt(), call[1].Rank), Equal(call, (int)call.Whole("num_split"))),
        ["SplitV"] = call => Split(call, call[0], Extents.Axis(call[2].ToInt(), call[0].Rank), call[1].ToInts()),
        ["Unpack"] = Unpack,
        ["BroadcastGradientArgs"] = BroadcastGradientArgs,
    };

    private static DataType OutType(OpCall call, string attribute) => call.Type(attribute, DataType.DtInt32);

    private static Value Reshape(OpCall call)
    {
        call.RequireCount(2);
        call.RequireType("T", 0);
        if (call.Type("Tshape", DataType.DtInt32) != call[1].Type || call[1].Rank != 1)
            throw call.Error($"takes a shape of {call.Type("Tshape", DataType.DtInt32)}, received {call[1]}");
        int[] dims = call[1].ToInts();
        if (dims.Count(d => d < 0) > 1 || dims.Any(d => d < -1))
            throw call.Error($"takes a shape with at most one -1, received [{string.Join(", ", dims)}]");
        int open = Array.IndexOf(dims, -1);
        if (open >= 0)
        {
            int known = dims.Where(d => d >= 0).Aggregate(1, (a, b) => a * b);
            if (known == 0 || call[0].Length % known != 0)
                throw call.Error($"cannot make {call[0]} [{string.Join(", ", dims)}]");
            dims[open] = call[0].Length / known;
        }

        return Extents.Size(dims) == call[0].Length ? call[0].WithDims(dims) : throw call.Error($"cannot make {call[0]} [{string.Join(", ", dims)}]");
    }

    private static Value ExpandDims(OpCall call)
    {
        int axis = Extents.Axis(call[1].ToInt(), call[0].Rank + 1);
        return call[0].WithDims([.. call[0].Dims[..axis], 1, .. call[0].Dims[axis..]]);
    }

    private static Value Squeeze(OpCall call)
    {
        int[] axes = [.. call.List("squeeze_dims", []).Select(a => Extents.Axis(a, call[0].Rank))];
        if (axes.Any(a => call[0].Dims[a] != 1))
            throw call.Error($"cannot leave out axes [{string.Join(", ", axes)}] of {call[0]}");
        return call[0].WithDims([.. call[0].Dims.Where((d, i) => axes.Length == 0 ? d != 1 : !axes.Contains(i))]);
    }

    private static Value Transpose(OpCall call)
    {
        call.RequireType("T", 0);
        call.RequireType("Tperm", 1);
        Value x = call[0];
        int[] perm = call[1].ToInts();
        if (!perm.Order().SequenceEqual(Enumerable.Range(0, x.Rank)))
            throw call.Error($"takes a permutation of {x.Rank} axes, received [{string.Join(", ", perm)}]");
        int[] dims = [.. perm.Select(p => x.Dims[p])], strides = Extents.Strides(x.Dims);
        return x.Pick(dims, i => Extents.Indices(i, dims).Select((index, d) => index * strides[perm[d]]).Sum());
    }

    private static Value Concat(OpCall call)
    {
        Value[] parts = call.Inputs[..^1];
        if (call.Whole("N") != parts.Length || parts.Any(p => p.Type != call.Type("T")) || parts.Length < 2)
            throw call.Error($"takes N >= 2 tensors of type T and an axis, received {string.Join(", ", call.Inputs.Select(i => i.ToString()))}");
        if (call.Type("Tidx", DataType.DtInt32) != call.Inputs[^1].Type)
            throw call.Error($"takes an axis of Tidx, received {call.Inputs[^1]}");
        return Concat(call, parts, Extents.Axis(call.Inputs[^1].ToInt(), parts[0].Rank));
    }

    private static Value Concat(OpCall call, Value[] parts, int axis)
    {
        int[] dims = [.. parts[0].Dims];
        dims[axis] = parts.Sum(p => p.Dims[axis]);
        foreach (Value part in parts)
        {
            if (part.Rank != dims.Length || part.Dims.Where((d, i) => i != axis && d != dims[i]).Any())
                throw call.Error($"takes tensors that differ in axis {axis} alone, received {string.Join(", ", parts.Select(i => i.ToString()))}");
        }

        int inner = Extents.Size(dims.AsSpan(axis + 1)), outer = Extents.Size(dims.AsSpan(0, axis));
        List<double> reals = [];
        List<long> wholes = [];
        for (int i = 0; i < outer; i++)
        {
            foreach (Value part in parts)
            {
                int run = part.Dims[axis] * inner;
                if (part.IsReal)
                    reals.AddRange(part.Reals.AsSpan(i * run, run));
                else
                    wholes.AddRange(part.Wholes.AsSpan(i * run, run));
            }
        }

        return parts[0].IsReal ? Value.Of(parts[0].Type, dims, [.. reals]) : Value.Of(parts[0].Type, dims, [.. wholes]);
    }

    private static Value Pack(OpCall call)
    {
        if (call.Whole("N") != call.Inputs.Length || call.Inputs.Any(i => i.Type != call.Type("T") || !i.Dims.SequenceEqual(call[0].Dims)))
            throw call.Error($"takes N tensors of one shape, received {string.Join(", ", call.Inputs.Select(i => i.ToString()))}");
        int axis = Extents.Axis((int)call.Whole("axis", 0), call[0].Rank + 1);
        return Concat(call, [.. call.Inputs.Select(i => i.WithDims([.. i.Dims[..axis], 1, .. i.Dims[axis..]]))], axis);
    }

    private static Value[] Unpack(OpCall call)
    {
        Value x = call[0];
        int axis = Extents.Axis((int)call.Whole("axis", 0), x.Rank), count = (int)call.Whole("num");
        if (x.Dims[axis] != count)
            throw call.Error($"takes {count} apart, received {x}");
        int[] dims = [.. x.Dims[..axis], .. x.Dims[(axis + 1)..]];
        return [.. Split(call, x, axis, [.. Enumerable.Repeat(1, count)]).Select(p => p.WithDims(dims))];
    }

    private static int[] Equal(OpCall call, int count)
    {
        int size = call[1].Dims[Extents.Axis(call[0].ToInt(), call[1].Rank)];
        return size % count == 0 ? [.. Enumerable.Repeat(size / count, count)] : throw call.Error($"cannot split {call[1]} into {count}");
    }

    private static Value[] Split(OpCall call, Value x, int axis, int[] sizes)
    {
        call.RequireType("T", Array.IndexOf(call.Inputs, x));
        int open = Array.IndexOf(sizes, -1);
        if (open >= 0)
            sizes[open] = x.Dims[axis] - sizes.Where(s => s >= 0).Sum();
        if (sizes.Sum() != x.Dims[axis])
            throw call.Error($"cannot split {x} into [{string.Join(", ", sizes)}]");
        int begin = 0;
        List<Value> parts = [];
        foreach (int size in sizes)
        {
            int[] begins = new int[x.Rank], dims = [.. x.Dims];
            begins[axis] = begin;
            dims[axis] = size;
            parts.Add(Window(x, begins, dims));
            begin += size;
        }

        return [.. parts];
    }

    private static Value Window(Value x, int[] begin, int[] dims)
    {
        int[] strides = Extents.Strides(x.Dims);
        return x.Pick(dims, i => Extents.Indices(i, dims).Select((index, d) => (begin[d] + index) * strides[d]).Sum());
    }

    // A size of -1 is all that is left.
    private static Value Slice(OpCall call)
    {
        call.RequireCount(3);
        call.RequireType("T", 0);
        call.RequireType("Index", 1, 2);
        Value x = call[0];
        int[] begin = call[1].ToInts(), size = call[2].ToInts();
        if (begin.Length != x.Rank || size.Length != x.Rank)
            throw call.Error($"takes as many begins and sizes as axes, received {call[1]} and {call[2]} for {x}");
        int[] dims = [.. size.Select((s, i) => s == -1 ? x.Dims[i] - begin[i] : s)];
        for (int i = 0; i < dims.Length; i++)
        {
            if (begin[i] < 0 || dims[i] < 0 || begin[i] + dims[i] > x.Dims[i])
                throw call.Error($"takes {dims[i]} from {begin[i]} of axis {i} of {x}");
        }

        return Window(x, begin, dims);
    }

    private static Value StridedSlice(OpCall call)
    {
        call.RequireCount(4);
        call.RequireType("T", 0);
        call.RequireType("Index", 1, 2, 3);
        Value x = call[0];
        int[] begin = call[1].ToInts(), end = call[2].ToInts(), step = call[3].ToInts();
        long beginMask = call.Whole("begin_mask", 0), endMask = call.Whole("end_mask", 0), ellipsis = call.Whole("ellipsis_mask", 0),
            fresh = call.Whole("new_axis_mask", 0), shrink = call.Whole("shrink_axis_mask", 0);
        if (begin.Length != end.Length || begin.Length != step.Length)
            throw call.Error("takes begins, ends and strides of one length");
        List<(int Begin, int Step, int Size, bool Kept)> axes = [];
        List<int> dims = [];
        bool seen = false;
        for (int i = 0, axis = 0; i < begin.Length || axis < x.Rank; i++)
        {
            if (i >= begin.Length || (ellipsis >> i & 1) != 0)
            {
                // The axes that nothing else speaks of are taken whole.
                if (i < begin.Length && seen)
                    throw call.Error("has several ellipses");
                seen = true;
                int rest = i >= begin.Length ? 0 : Enumerable.Range(i + 1, begin.Length - i - 1).Count(j => (fresh >> j & 1) == 0);
                for (; axis < x.Rank - rest; axis++)
                {
                    axes.Add((0, 1, x.Dims[axis], true));
                    dims.Add(x.Dims[axis]);
                }

                continue;
            }

            if ((fresh >> i & 1) != 0)
            {
                dims.Add(1);
                continue;
            }

            if (axis >= x.Rank)
                throw call.Error($"has more indices than {x} has axes");
            int size = x.Dims[axis++], by = step[i];
            if (by == 0)
                throw call.Error("has a stride of 0");
            if ((shrink >> i & 1) != 0)
            {
                int at = begin[i] < 0 ? begin[i] + size : begin[i];
                if (at < 0 || at >= size)
                    throw call.Error($"takes index {begin[i]} of an axis of {size}");
                axes.Add((at, 1, 1, false));
                continue;
            }

            int lowest = by > 0 ? 0 : -1, highest = by > 0 ? size : size - 1;
            int from = (beginMask >> i & 1) != 0 ? (by > 0 ? 0 : size - 1) : Math.Clamp(begin[i] < 0 ? begin[i] + size : begin[i], lowest, highest);
            int to = (endMask >> i & 1) != 0 ? (by > 0 ? size : -1) : Math.Clamp(end[i] < 0 ? end[i] + size : end[i], lowest, highest);
            int count = Math.Max(0, by > 0 ? (to - from + by - 1) / by : (from - to - by - 1) / -by);
            axes.Add((from, by, count, true));
            dims.Add(count);
        }

        int[] taken = [.. axes.Select(a => a.Size)], strides = Extents.Strides(x.Dims);
        return x.Pick(taken, i => Extents.Indices(i, taken).Select((index, d) => (axes[d].Begin + (index * axes[d].Step)) * strides[d]).Sum()).WithDims([.. dims]);
    }

    private static Value Pad(OpCall call, double with)
    {
        call.RequireType("T", 0);
        call.RequireType("Tpaddings", 1);
        Value x = call[0];
        int[] pads = call[1].ToInts();
        if (call[1].Rank != 2 || call[1].Dims[0] != x.Rank || call[1].Dims[1] != 2 || pads.Any(p => p < 0))
            throw call.Error($"takes paddings [{x.Rank}, 2] of at least 0, received {call[1]}");
        int[] dims = [.. x.Dims.Select((d, i) => pads[2 * i] + d + pads[(2 * i) + 1])], strides = Extents.Strides(x.Dims);
        bool[] inside = new bool[Extents.Size(dims)];
        Value result = x.Pick(dims, i =>
        {
            int place = 0;
            int[] indices = Extents.Indices(i, dims);
            for (int d = 0; d < dims.Length; d++)
            {
                int index = indices[d] - pads[2 * d];
                if (index < 0 || index >= x.Dims[d])
                    return -1;
                place += index * strides[d];
            }

            inside[i] = true;
            return place;
        });
        for (int i = 0; i < inside.Length && with != 0; i++)
        {
            if (inside[i])
                continue;
            if (x.IsReal)
                result.Reals[i] = with;
            else
                result.Wholes[i] = (long)with;
        }

        return result;
    }

    private static Value Tile(OpCall call)
    {
        call.RequireType("T", 0);
        call.RequireType("Tmultiples", 1);
        Value x = call[0];
        int[] times = call[1].ToInts();
        if (times.Length != x.Rank)
            throw call.Error($"takes as many multiples as axes, received {call[1]} for {x}");
        int[] dims = [.. x.Dims.Select((d, i) => d * times[i])], strides = Extents.Strides(x.Dims);
        return x.Pick(dims, i => Extents.Indices(i, dims).Select((index, d) => index % x.Dims[d] * strides[d]).Sum());
    }

    private static Value BroadcastTo(OpCall call)
    {
        call.RequireType("T", 0);
        call.RequireType("Tidx", 1);
        int[] dims = call[1].ToInts();
        if (!Extents.Broadcast(call[0].Dims, dims).SequenceEqual(dims))
            throw call.Error($"cannot stretch {call[0]} to [{string.Join(", ", dims)}]");
        int[] places = Extents.Stretched(call[0].Dims, dims);
        return call[0].Pick(dims, i => places[i]);
    }

    private static Value Range(OpCall call)
    {
        call.RequireType("Tidx", 0, 1, 2);
        if (call[0].IsReal)
        {
            List<double> reals = [];
            for (double v = call[0].Reals[0]; call[2].Reals[0] > 0 ? v < call[1].Reals[0] : v > call[1].Reals[0]; v += call[2].Reals[0])
                reals.Add(v);
            return Value.Of(call[0].Type, [reals.Count], [.. reals]);
        }

        List<long> wholes = [];
        if (call[2].Wholes[0] == 0)
            throw call.Error("has a step of 0");
        for (long v = call[0].Wholes[0]; call[2].Wholes[0] > 0 ? v < call[1].Wholes[0] : v > call[1].Wholes[0]; v += call[2].Wholes[0])
            wholes.Add(v);
        return Value.Of(call[0].Type, [wholes.Count], [.. wholes]);
    }

    private static Value Reverse(OpCall call)
    {
        call.RequireType("T", 0);
        Value x = call[0];
        int[] axes = [.. call[1].ToInts().Select(a => Extents.Axis(a, x.Rank))], strides = Extents.Strides(x.Dims);
        return x.Pick(x.Dims, i => Extents.Indices(i, x.Dims).Select((index, d) => (axes.Contains(d) ? x.Dims[d] - 1 - index : index) * strides[d]).Sum());
    }

    private static Value Roll(OpCall call)
    {
        Value x = call[0];
        int[] shifts = call[1].ToInts(), axes = call[2].ToInts(), by = new int[x.Rank], strides = Extents.Strides(x.Dims);
        for (int i = 0; i < axes.Length; i++)
            by[Extents.Axis(axes[i], x.Rank)] += shifts[i];
        return x.Pick(x.Dims, i => Extents.Indices(i, x.Dims).Select((index, d) => (((index - by[d]) % x.Dims[d]) + x.Dims[d]) % x.Dims[d] * strides[d]).Sum());
    }

    // Keeps the diagonals from lower below the main one to upper above it; a negative number keeps that side whole.
    private static Value MatrixBandPart(OpCall call)
    {
        int lower = call[1].ToInt(), upper = call[2].ToInt();
        return call[0].Pick(call[0].Dims, i =>
        {
            int[] indices = Extents.Indices(i, call[0].Dims);
            int row = indices[^2], column = indices[^1];
            return (lower < 0 || row - column <= lower) && (upper < 0 || column - row <= upper) ? i : -1;
        });
    }

    // The axes over which the gradients of two tensors that stretched to one another are summed.
    private static Value[] BroadcastGradientArgs(OpCall call)
    {
        int[] a = call[0].ToInts(), b = call[1].ToInts(), both = Extents.Broadcast(a, b);
        return [Axes(a), Axes(b)];

        Value Axes(int[] dims) => Value.Vector(call[0].Type, a.SequenceEqual(b) ? [] : [.. Enumerable.Range(0, both.Length).Where(i => i < both.Length - dims.Length || dims[i - (both.Length - dims.Length)] == 1)]);
    }
}
