namespace MLNetDeep.Graphs.Tests.Reference;

/// <summary>Attention, weight by weight.</summary>
internal static class ReferenceAttention
{
    public static Array64 Forward(Node node, IReadOnlyList<Array64> inputs)
    {
        (Array64 q, Array64 v) = (inputs[0], inputs[2]);
        (Array64 weights, Array64 kept) = Weights(node.Attributes, inputs);
        Array64 y = Array64.Zeros([q.Dims[0], q.Dims[1], q.Dims[2], v.Dims[3]]);
        foreach (int[] at in weights.Indices())
        {
            (int row, int head, int step, int source) = (at[0], at[1], at[2], at[3]);
            for (int c = 0; c < v.Dims[3]; c++)
                y[[row, step, head, c]] += weights[at] * kept[at] * v[[row, source, head, c]];
        }

        return y;
    }

    public static Array64[] Backward(Node node, IReadOnlyList<Array64> inputs)
    {
        (Array64 dy, Array64 q, Array64 k, Array64 v) = (inputs[0], inputs[1], inputs[2], inputs[3]);
        (Array64 weights, Array64 kept) = Weights(node.Attributes, [.. inputs.Skip(1)]);
        Array64 dq = Array64.Zeros(q.Dims), dk = Array64.Zeros(k.Dims), dv = Array64.Zeros(v.Dims), slopes = Array64.Zeros(weights.Dims);
        foreach (int[] at in weights.Indices())
        {
            (int row, int head, int step, int source) = (at[0], at[1], at[2], at[3]);
            for (int c = 0; c < v.Dims[3]; c++)
            {
                slopes[at] += dy[[row, step, head, c]] * v[[row, source, head, c]] * kept[at];
                dv[[row, source, head, c]] += weights[at] * kept[at] * dy[[row, step, head, c]];
            }
        }

        float scale = node.Attributes.Get<float>("scale");
        foreach (int[] at in weights.Indices())
        {
            (int row, int head, int step, int source) = (at[0], at[1], at[2], at[3]);
            double mean = Enumerable.Range(0, k.Dims[1]).Sum(s => slopes[[row, head, step, s]] * weights[[row, head, step, s]]);
            double slope = weights[at] * (slopes[at] - mean) * scale;
            for (int c = 0; c < q.Dims[3]; c++)
            {
                dq[[row, step, head, c]] += slope * k[[row, source, head, c]];
                dk[[row, source, head, c]] += slope * q[[row, step, head, c]];
            }
        }

        return [dq, dk, dv];
    }

    // (batch, heads, steps, sources): the weights, and what dropout multiplies them by.
    private static (Array64 Weights, Array64 Kept) Weights(Attributes a, IReadOnlyList<Array64> inputs)
    {
        (Array64 q, Array64 k) = (inputs[0], inputs[1]);
        int next = 3;
        Array64? queryMask = a.Get<bool>("query_mask") ? inputs[next++] : null, keyMask = a.Get<bool>("key_mask") ? inputs[next++] : null;
        int[] dims = [q.Dims[0], q.Dims[2], q.Dims[1], k.Dims[1]];
        Array64 weights = Array64.Zeros(dims);
        for (int row = 0; row < dims[0]; row++)
        {
            for (int head = 0; head < dims[1]; head++)
            {
                for (int step = 0; step < dims[2]; step++)
                {
                    int[] seen = [.. Enumerable.Range(0, dims[3]).Where(s => (queryMask?[[row, step]] ?? 1) != 0 && (keyMask?[[row, s]] ?? 1) != 0 && (!a.Get<bool>("causal") || s <= step))];
                    double[] powers = [.. seen.Select(s => Math.Exp(a.Get<float>("scale") * Enumerable.Range(0, q.Dims[3]).Sum(c => q[[row, step, head, c]] * k[[row, s, head, c]])))];
                    for (int i = 0; i < seen.Length; i++)
                        weights[[row, head, step, seen[i]]] = powers[i] / powers.Sum();
                }
            }
        }

        Array64 ones = new(dims, [.. weights.Data.Select(_ => 1.0)]);
        return (weights, a.Get<float>("rate") > 0 ? ReferenceOps.DropoutMask(dims, inputs[next], a) : ones);
    }
}
