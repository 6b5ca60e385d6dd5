using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>Sums, means and extremes along axes.</summary>
internal static class ReductionOperations
{
    public static Dictionary<string, Func<OpCall, Value>> Table { get; } = new()
    {
        ["Sum"] = Reduction(0, (a, b) => a + b, (a, b) => a + b),
        ["Prod"] = Reduction(1, (a, b) => a * b, (a, b) => a * b),
        ["Max"] = Reduction(double.NegativeInfinity, (a, b) => a < b || double.IsNaN(b) ? b : a, Math.Max),
        ["Min"] = Reduction(double.PositiveInfinity, (a, b) => a > b || double.IsNaN(b) ? b : a, Math.Min),
        ["Mean"] = Mean,
        ["All"] = call => Truth(call, all: true),
        ["Any"] = call => Truth(call, all: false),
        ["ArgMax"] = call => Extreme(call, (a, b) => a > b),
        ["ArgMin"] = call => Extreme(call, (a, b) => a < b),
        ["Cumsum"] = Cumsum,
        ["L2Loss"] = call => Value.Of(call[0].Type, [], [call[0].Reals.Sum(v => v * v) / 2]),
    };

    private static Func<OpCall, Value> Reduction(double start, Func<double, double, double> real, Func<long, long, long> whole) => call =>
    {
        Check(call);
        Value x = call[0];
        (int[] dims, int[] to, int[] count) = Places(call, x.Dims, call[1].ToInts());
        if (x.IsReal)
        {
            double[] results = [.. Enumerable.Repeat(start, count.Length)];
            for (int i = 0; i < x.Length; i++)
                results[to[i]] = real(results[to[i]], x.Reals[i]);
            return Value.Of(x.Type, dims, results);
        }

        long[] wholes = [.. Enumerable.Repeat(double.IsFinite(start) ? (long)start : start < 0 ? long.MinValue : long.MaxValue, count.Length)];
        for (int i = 0; i < x.Length; i++)
            wholes[to[i]] = whole(wholes[to[i]], x.Wholes[i]);
        return Value.Of(x.Type, dims, wholes);
    };

    private static Value Mean(OpCall call)
    {
        Check(call);
        Value x = call[0];
        (int[] dims, int[] to, int[] count) = Places(call, x.Dims, call[1].ToInts());
        if (!x.IsReal)
            throw call.Error($"of {x.Type} is not known to the interpreter");
        double[] results = new double[count.Length];
        for (int i = 0; i < x.Length; i++)
            results[to[i]] += x.Reals[i];
        return Value.Of(x.Type, dims, [.. results.Zip(count, (sum, n) => sum / n)]);
    }

    private static Value Truth(OpCall call, bool all)
    {
        call.RequireCount(2);
        if (call[0].Type != DataType.DtBool)
            throw call.Error($"takes truth values, received {call[0]}");
        (int[] dims, int[] to, int[] count) = Places(call, call[0].Dims, call[1].ToInts());
        long[] results = [.. Enumerable.Repeat(all ? 1L : 0, count.Length)];
        for (int i = 0; i < call[0].Length; i++)
            results[to[i]] = all ? results[to[i]] & call[0].Wholes[i] : results[to[i]] | call[0].Wholes[i];
        return Value.Of(DataType.DtBool, dims, results);
    }

    private static void Check(OpCall call)
    {
        call.RequireCount(2);
        call.RequireType("T", 0);
        if (call.Type("Tidx", DataType.DtInt32) != call[1].Type)
            throw call.Error($"says Tidx = {call.Type("Tidx", DataType.DtInt32)}, but the axes are {call[1]}");
    }

    // The result's dimensions, the place in it of each element, and how many elements each place has.
    private static (int[] Dims, int[] To, int[] Count) Places(OpCall call, int[] dims, int[] axes)
    {
        bool[] reduced = new bool[dims.Length];
        foreach (int axis in axes)
        {
            int a = Extents.Axis(axis, dims.Length);
            if (reduced[a])
                throw call.Error($"has the axis {axis} twice");
            reduced[a] = true;
        }

        int[] kept = [.. dims.Select((d, i) => reduced[i] ? 1 : d)], to = new int[Extents.Size(dims)], count = new int[Extents.Size(kept)];
        for (int i = 0; i < to.Length; i++)
        {
            int[] indices = Extents.Indices(i, dims);
            for (int d = 0; d < dims.Length; d++)
                indices[d] = reduced[d] ? 0 : indices[d];
            to[i] = Extents.Place(indices, kept);
            count[to[i]]++;
        }

        return (call.Flag("keep_dims") ? kept : [.. dims.Where((_, i) => !reduced[i])], to, count);
    }

    // The first of equals.
    private static Value Extreme(OpCall call, Func<double, double, bool> better)
    {
        call.RequireCount(2);
        call.RequireType("T", 0);
        Value x = call[0];
        int axis = Extents.Axis(call[1].ToInt(), x.Rank), size = x.Dims[axis], inner = Extents.Size(x.Dims.AsSpan(axis + 1));
        int[] dims = [.. x.Dims[..axis], .. x.Dims[(axis + 1)..]];
        long[] results = new long[Extents.Size(dims)];
        for (int i = 0; i < results.Length; i++)
        {
            int first = (i / inner * size * inner) + (i % inner);
            for (int j = 1; j < size; j++)
            {
                if (better(Number(x, first + (j * inner)), Number(x, first + ((int)results[i] * inner))))
                    results[i] = j;
            }
        }

        return Value.Of(call.Type("output_type", DataType.DtInt64), dims, results);
    }

    private static double Number(Value x, int i) => x.IsReal ? x.Reals[i] : x.Wholes[i];

    private static Value Cumsum(OpCall call)
    {
        call.RequireType("T", 0);
        Value x = call[0];
        int axis = Extents.Axis(call[1].ToInt(), x.Rank), size = x.Dims[axis], inner = Extents.Size(x.Dims.AsSpan(axis + 1));
        bool exclusive = call.Flag("exclusive"), reverse = call.Flag("reverse");
        double[] results = new double[x.Length];
        for (int i = 0; i < x.Length / Math.Max(size, 1); i++)
        {
            int first = (i / inner * size * inner) + (i % inner);
            double sum = 0;
            for (int j = 0; j < size; j++)
            {
                int place = first + ((reverse ? size - 1 - j : j) * inner);
                double next = sum + x.Reals[place];
                results[place] = exclusive ? sum : next;
                sum = next;
            }
        }

        return Value.Of(x.Type, x.Dims, results);
    }
}
