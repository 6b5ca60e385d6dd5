namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>Softmax over the last axis, and cross-entropies of rows.</summary>
internal static class ProbabilityOperations
{
    public static Dictionary<string, Func<OpCall, Value>> Table { get; } = new()
    {
        ["Softmax"] = call => Rows(call, row => Softmax(row)),
        ["LogSoftmax"] = call => Rows(call, LogSoftmax),
    };

    public static Dictionary<string, Func<OpCall, Value[]>> Several { get; } = new()
    {
        ["SparseSoftmaxCrossEntropyWithLogits"] = Sparse,
        ["SoftmaxCrossEntropyWithLogits"] = Dense,
    };

    private static Value Rows(OpCall call, Func<double[], double[]> run)
    {
        call.RequireCount(1);
        call.RequireType("T", 0);
        Value x = call[0];
        return x.Rank < 1 ? throw call.Error($"takes rows, received {x}") : Value.Of(x.Type, x.Dims, [.. x.Reals.Chunk(Math.Max(x.Dims[^1], 1)).SelectMany(run)]);
    }

    private static double[] LogSoftmax(double[] row)
    {
        double max = row.Max(), log = max + Math.Log(row.Sum(v => Math.Exp(v - max)));
        return [.. row.Select(v => v - log)];
    }

    private static double[] Softmax(double[] row) => [.. LogSoftmax(row).Select(Math.Exp)];

    private static Value[] Sparse(OpCall call)
    {
        call.RequireCount(2);
        call.RequireType("T", 0);
        call.RequireType("Tlabels", 1);
        Value logits = call[0], labels = call[1];
        if (logits.Rank != 2 || labels.Rank != 1 || labels.Dims[0] != logits.Dims[0])
            throw call.Error($"takes logits [rows, classes] and labels [rows], received {logits} and {labels}");
        int classes = logits.Dims[1];
        double[][] rows = [.. logits.Reals.Chunk(classes)];
        foreach (long label in labels.Wholes)
        {
            if (label < 0 || label >= classes)
                throw call.Error($"received a label value of {label} which is outside the valid range of [0, {classes})");
        }

        return
        [
            Value.Of(logits.Type, labels.Dims, [.. rows.Select((r, i) => -LogSoftmax(r)[labels.Wholes[i]])]),
            Value.Of(logits.Type, logits.Dims, [.. rows.SelectMany((r, i) => Softmax(r).Select((p, c) => p - (c == labels.Wholes[i] ? 1 : 0)))]),
        ];
    }

    private static Value[] Dense(OpCall call)
    {
        call.RequireCount(2);
        call.RequireType("T", 0, 1);
        call.RequireSameShape(0, 1);
        Value logits = call[0];
        double[][] rows = [.. logits.Reals.Chunk(logits.Dims[1])], labels = [.. call[1].Reals.Chunk(logits.Dims[1])];
        return
        [
            Value.Of(logits.Type, [logits.Dims[0]], [.. rows.Select((r, i) => -LogSoftmax(r).Zip(labels[i], (l, p) => l * p).Sum())]),
            Value.Of(logits.Type, logits.Dims, [.. rows.SelectMany((r, i) => Softmax(r).Zip(labels[i], (q, p) => q - p))]),
        ];
    }
}
