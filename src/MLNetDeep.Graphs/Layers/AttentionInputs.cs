using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;

namespace MLNetDeep.Layers;

/// <summary>What attention layers take: query, value and key, (batch, steps or sources, features), and what may be looked at.</summary>
internal readonly record struct AttentionInputs(Tensor Query, Tensor Value, Tensor Key, Tensor? QueryMask, Tensor? SourceMask)
{
    /// <summary>From a layer's inputs: query, value and perhaps key.</summary>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    public static AttentionInputs Of(IReadOnlyList<MaskedTensor> inputs)
    {
        if (inputs.Count is not (2 or 3))
            throw new ArgumentException($"expected query, value and perhaps key, received {inputs.Count} inputs.");
        MaskedTensor query = inputs[0], value = inputs[1], key = inputs.Count == 3 ? inputs[2] : value;
        foreach (MaskedTensor input in inputs)
        {
            if (input.Value.DType != DType.Float32 || input.Value.Shape.Rank != 3 || input.Value.Shape.BatchAxis != 0)
                throw new ArgumentException("expected numbers of shape (batch, steps, features).");
        }

        if (value.Value.Shape[0] != query.Value.Shape[0] || key.Value.Shape[0] != query.Value.Shape[0] || key.Value.Shape[1] != value.Value.Shape[1])
            throw new ArgumentException($"expected value and key of as many rows as the query and of equally many steps, received {query.Value.Shape}, {value.Value.Shape} and {key.Value.Shape}.");
        Tensor? sources = value.Mask is not null && key.Mask is not null && value.Mask != key.Mask ? Ops.LogicalAnd(value.Mask, key.Mask) : value.Mask ?? key.Mask;
        return new(query.Value, value.Value, key.Value, query.Mask, sources);
    }

    public static void CheckDropout(float rate)
    {
        if (rate is not (>= 0 and < 1))
            throw new ArgumentException($"Dropout is {rate}, expected at least 0 and less than 1.");
    }

    /// <summary>Which step may look at which source, Bool (batch or 1, steps, sources); null for all.</summary>
    public Tensor? Allowed(bool causal)
    {
        int steps = Query.Shape[1], sources = Value.Shape[1];
        List<Tensor> all = [];
        if (QueryMask is not null)
            all.Add(Ops.Reshape(QueryMask, Query.Shape.WithRows(steps, 1)));
        if (SourceMask is not null)
            all.Add(Ops.Reshape(SourceMask, Query.Shape.WithRows(1, sources)));
        if (causal)
            all.Add(AttentionOp.Causal(Query.Graph, new Shape(1, steps, 1), new Shape(1, 1, sources)));
        return all.Count == 0 ? null : all.Aggregate(Ops.LogicalAnd);
    }
}
