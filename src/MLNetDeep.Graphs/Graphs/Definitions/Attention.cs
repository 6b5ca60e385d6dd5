namespace MLNetDeep.Graphs.Definitions;

// Attention and its gradient: query (batch, steps, heads, size), key (batch, sources, heads, size) and value (batch, sources, heads, value size); then, as the
// attributes say, masks of the steps (query_mask) and of the sources (key_mask), Bool (batch, steps or sources), and for dropout (rate) the step's number.
// Neither keeps the weights between steps and sources: the gradient works them out again (Dao et al. 2022), so that memory grows with the length, not its square.
internal abstract class AttentionOp : OpDefinition
{
    // Checks the inputs from query on.
    protected void Require(IReadOnlyList<TensorSpec> inputs, int first, Attributes attributes)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        int masks = (attributes.Get<bool>("query_mask") ? 1 : 0) + (attributes.Get<bool>("key_mask") ? 1 : 0);
        float rate = attributes.Get<float>("rate");
        attributes.Get<float>("scale");
        attributes.Get<bool>("causal");
        attributes.Get<int>("seed");
        if (rate is not (>= 0 and < 1))
            throw new ArgumentException($"{Name}: rate is {rate}, expected at least 0 and less than 1.", nameof(attributes));
        RequireInputs(inputs, first + 3 + masks + (rate > 0 ? 1 : 0));
        Shape q = inputs[first].Shape, k = inputs[first + 1].Shape, v = inputs[first + 2].Shape;
        if (inputs.Skip(first).Take(3).Any(i => i.DType != DType.Float32 || i.Shape.Rank != 4 || i.Shape.BatchAxis > 0) ||
            q[0] != k[0] || k[0] != v[0] || q[2] != k[2] || k[2] != v[2] || k[1] != v[1] || q[3] != k[3])
            throw Misfit("query (batch, steps, heads, size), key (batch, sources, heads, size) and value (batch, sources, heads, value size)", inputs);
        int at = first + 3;
        if (attributes.Get<bool>("query_mask") && inputs[at++] != new TensorSpec(DType.Bool, new Shape(q[0], q[1])))
            throw Misfit("a Bool mask (batch, steps)", inputs);
        if (attributes.Get<bool>("key_mask") && inputs[at++] != new TensorSpec(DType.Bool, new Shape(k[0], k[1])))
            throw Misfit("a Bool mask (batch, sources)", inputs);
        if (rate > 0 && inputs[at] != new TensorSpec(DType.Int32, Shape.Scalar))
            throw Misfit("the step to be an Int32 number", inputs);
    }

    // (batch, steps, heads, size) to (batch, heads, steps, size) and back.
    protected static Tensor Swap(Tensor x) => Ops.Transpose(x, 0, 2, 1, 3);

    // The softmax of the products, (batch, heads, steps, sources), and what dropout multiplies it by.
    protected static (Tensor Weights, Tensor? Dropout) Weigh(Node node, int first)
    {
        Tensor q = node.Inputs[first], k = node.Inputs[first + 1];
        Attributes a = node.Attributes;
        int steps = q.Shape[1], sources = k.Shape[1], at = first + 3;
        Tensor scores = Ops.BatchMatMul(Swap(q), Swap(k), adjY: true) * a.Get<float>("scale");
        Tensor? allowed = null;
        if (a.Get<bool>("query_mask"))
            allowed = Ops.Reshape(node.Inputs[at++], new Shape(q.Shape[0], 1, steps, 1));
        if (a.Get<bool>("key_mask"))
            allowed = And(allowed, Ops.Reshape(node.Inputs[at++], new Shape(q.Shape[0], 1, 1, sources)));
        if (a.Get<bool>("causal"))
            allowed = And(allowed, Causal(q.Graph, new Shape(1, 1, steps, 1), new Shape(1, 1, 1, sources)));

        // Where all is masked the softmax is of equals, and the mask makes it zeros.
        Tensor weights = allowed is null ? Ops.Softmax(scores) : Ops.Softmax(Ops.Select(allowed, scores, Ops.Like(q, float.MinValue))) * Ops.Cast(allowed);
        return (weights, a.Get<float>("rate") is > 0 and var rate ? Ops.DropoutMask(weights, node.Inputs[at], rate, a.Get<int>("seed")) : null);
    }

    // Whether a source is not after a step, both counted from the first.
    internal static Tensor Causal(Graph graph, Shape steps, Shape sources) => Ops.GreaterEqual(Numbers(graph, steps), Numbers(graph, sources));

    private static Tensor Numbers(Graph graph, Shape shape) => Ops.Constant(graph, [.. Enumerable.Range(0, shape.UnitSize).Select(i => (float)i)], shape);

    private static Tensor And(Tensor? a, Tensor b) => a is null ? b : Ops.LogicalAnd(a, b);
}

// (query, key, value, ...) to (batch, steps, heads, value size).
internal sealed class ScaledDotProductAttention : AttentionOp
{
    public override string Name => "ScaledDotProductAttention";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        Require(inputs, 0, attributes);
        return [new(DType.Float32, inputs[0].Shape.With(3, inputs[2].Shape[3]))];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        Tensor?[] results = new Tensor?[node.Inputs.Count];
        Ops.Many("ScaledDotProductAttentionGrad", [gradients[0]!, .. node.Inputs], node.Attributes).CopyTo(results, 0);
        return results;
    }

    public override Tensor[] Expand(Node node)
    {
        (Tensor weights, Tensor? dropout) = Weigh(node, 0);
        return [Swap(Ops.BatchMatMul(dropout is null ? weights : weights * dropout, Swap(node.Inputs[2])))];
    }
}

// (dy, query, key, value, ...) to dquery, dkey, dvalue.
internal sealed class ScaledDotProductAttentionGrad : AttentionOp
{
    public override string Name => "ScaledDotProductAttentionGrad";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        Require(inputs, 1, attributes);
        return inputs[0].DType == DType.Float32 && inputs[0].Shape.Equals(inputs[1].Shape.With(3, inputs[3].Shape[3]))
            ? [inputs[1], inputs[2], inputs[3]]
            : throw Misfit("the gradient to have the output's shape", inputs);
    }

    public override Tensor[] Expand(Node node)
    {
        Tensor dy = Swap(node.Inputs[0]), q = Swap(node.Inputs[1]), k = Swap(node.Inputs[2]), v = Swap(node.Inputs[3]);
        (Tensor weights, Tensor? dropout) = Weigh(node, 1);
        Tensor dWeights = Ops.BatchMatMul(dy, v, adjY: true);
        Tensor dScores = Ops.SoftmaxGrad(weights, dropout is null ? dWeights : dWeights * dropout) * node.Attributes.Get<float>("scale");
        Tensor dv = Ops.BatchMatMul(dropout is null ? weights : weights * dropout, dy, adjX: true);
        return [Swap(Ops.BatchMatMul(dScores, k)), Swap(Ops.BatchMatMul(dScores, q, adjX: true)), Swap(dv)];
    }
}
