namespace MLNetDeep.Graphs.Definitions;

internal abstract class Reduction : OpDefinition
{
    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        if (inputs[0].DType != DType.Float32)
            throw Misfit("Float32", inputs);
        return [new(DType.Float32, Reduced(inputs[0].Shape, attributes, attributes.Get<bool>("keep_dims")))];
    }

    protected static Shape Reduced(Shape shape, Attributes attributes, bool keepDims)
    {
        int[] axes = [.. attributes.Get<int[]>("axes").Select(shape.Axis)];
        List<int> dims = [];
        for (int i = 0; i < shape.Rank; i++)
        {
            if (!axes.Contains(i))
                dims.Add(shape[i]);
            else if (keepDims)
                dims.Add(1);
        }

        return new Shape([.. dims]);
    }

    // A tensor of the reduced shape, ready to broadcast against the input.
    protected static Tensor KeepDims(Tensor reduced, Node node) =>
        Ops.Reshape(reduced, Reduced(node.Inputs[0].Shape, node.Attributes, keepDims: true));
}

internal sealed class Sum : Reduction
{
    public override string Name => "Sum";

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients) =>
        [Ops.BroadcastLike(KeepDims(gradients[0]!, node), node.Inputs[0])];
}

internal sealed class Mean : Reduction
{
    public override string Name => "Mean";

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        Tensor count = Ops.ElementCount(node.Inputs[0], node.Attributes.Get<int[]>("axes"));
        return [Ops.BroadcastLike(KeepDims(gradients[0]! / count, node), node.Inputs[0])];
    }
}

internal sealed class Max : Reduction
{
    public override string Name => "Max";

    // Equal maxima share the gradient, as in TensorFlow.
    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        Tensor x = node.Inputs[0];
        Tensor isMax = Ops.Cast(Ops.Equal(x, KeepDims(node.Outputs[0], node)));
        Tensor count = Ops.Sum(isMax, node.Attributes.Get<int[]>("axes"), keepDims: true);
        return [isMax * (KeepDims(gradients[0]!, node) / count)];
    }
}

internal sealed class ArgMax : OpDefinition
{
    public override string Name => "ArgMax";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        int axis = inputs[0].Shape.Axis(attributes.Get<int>("axis"));
        List<int> dims = [.. inputs[0].Shape.Dims];
        dims.RemoveAt(axis);
        return inputs[0].DType == DType.Float32 ? [new(DType.Int32, new Shape([.. dims]))] : throw Misfit("Float32", inputs);
    }
}
