namespace MLNetDeep.Graphs.Definitions;

// Two matrices, either transposed first; at most one of the product's axes is batched, or the axis summed over.
internal sealed class MatMul : OpDefinition
{
    public override string Name => "MatMul";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 2);
        Shape a = inputs[0].Shape, b = inputs[1].Shape;
        bool ta = attributes.Get<bool>("transpose_a"), tb = attributes.Get<bool>("transpose_b");
        if (a.Rank != 2 || b.Rank != 2 || inputs.Any(i => i.DType != DType.Float32) || a[ta ? 0 : 1] != b[tb ? 1 : 0])
            throw Misfit($"matrices that can be multiplied (transpose_a {ta}, transpose_b {tb})", inputs);
        return [new(DType.Float32, new Shape(a[ta ? 1 : 0], b[tb ? 0 : 1]))];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        Tensor a = node.Inputs[0], b = node.Inputs[1], dy = gradients[0]!;
        bool ta = node.Attributes.Get<bool>("transpose_a"), tb = node.Attributes.Get<bool>("transpose_b");
        return
        [
            ta ? Ops.MatMul(b, dy, tb, true) : Ops.MatMul(dy, b, false, !tb),
            tb ? Ops.MatMul(dy, a, true, ta) : Ops.MatMul(a, dy, !ta, false),
        ];
    }
}
