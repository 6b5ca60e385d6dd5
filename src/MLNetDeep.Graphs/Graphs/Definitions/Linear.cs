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

// A product of matrices, the last two axes, for each index of the axes before them; adj_x and adj_y transpose first.
// Where one input has fewer axes, the missing first ones stretch: a matrix alone is used for all.
internal sealed class BatchMatMulV2 : OpDefinition
{
    public override string Name => "BatchMatMulV2";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 2);
        Shape x = inputs[0].Shape, y = inputs[1].Shape;
        bool adjX = attributes.Get<bool>("adj_x"), adjY = attributes.Get<bool>("adj_y");
        if (x.Rank >= 2 && y.Rank >= 2 && inputs.All(i => i.DType == DType.Float32) && x[adjX ? ^2 : ^1] == y[adjY ? ^1 : ^2])
        {
            ReadOnlySpan<int> longer = x.Rank >= y.Rank ? x.Dims[..^2] : y.Dims[..^2], shorter = x.Rank >= y.Rank ? y.Dims[..^2] : x.Dims[..^2];
            int[] dims = [.. longer, x[adjX ? ^1 : ^2], y[adjY ? ^2 : ^1]];
            if (longer.EndsWith(shorter) && dims.Count(d => d < 0) <= 1)
                return [new(DType.Float32, new Shape(dims))];
        }

        throw Misfit($"tensors of matrices that can be multiplied (adj_x {adjX}, adj_y {adjY}), with the same axes before them or fewer", inputs);
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        Tensor x = node.Inputs[0], y = node.Inputs[1], dz = gradients[0]!;
        bool adjX = node.Attributes.Get<bool>("adj_x"), adjY = node.Attributes.Get<bool>("adj_y");
        Tensor dx = adjX ? Ops.BatchMatMul(y, dz, adjY, true) : Ops.BatchMatMul(dz, y, false, !adjY);
        Tensor dy = adjY ? Ops.BatchMatMul(dz, x, true, adjX) : Ops.BatchMatMul(x, dz, !adjX, false);
        return [Sum(dx, x), Sum(dy, y)];
    }

    private static Tensor Sum(Tensor gradient, Tensor input) =>
        gradient.Shape.Rank == input.Shape.Rank ? gradient : Ops.Sum(gradient, [.. Enumerable.Range(0, gradient.Shape.Rank - input.Shape.Rank)]);
}
