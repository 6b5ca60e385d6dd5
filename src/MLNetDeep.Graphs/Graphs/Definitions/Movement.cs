namespace MLNetDeep.Graphs.Definitions;

internal sealed class Reshape : OpDefinition
{
    public override string Name => "Reshape";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        Shape shape = attributes.Get<Shape>("shape");
        if (shape.UnitSize != inputs[0].Shape.UnitSize || shape.IsBatched != inputs[0].Shape.IsBatched)
            throw Misfit($"as many elements as {shape} has", inputs);
        return [new(inputs[0].DType, shape)];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients) => [Ops.Reshape(gradients[0]!, node.Inputs[0].Shape)];
}

internal sealed class Transpose : OpDefinition
{
    public override string Name => "Transpose";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        Shape shape = inputs[0].Shape;
        int[] perm = attributes.Get<int[]>("perm");
        if (!perm.Order().SequenceEqual(Enumerable.Range(0, shape.Rank)))
            throw Misfit($"a tensor whose axes are permuted by [{string.Join(", ", perm)}]", inputs);
        return [new(inputs[0].DType, new Shape([.. perm.Select(p => shape[p])]))];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        int[] perm = node.Attributes.Get<int[]>("perm");
        return [Ops.Transpose(gradients[0]!, [.. Enumerable.Range(0, perm.Length).Select(i => Array.IndexOf(perm, i))])];
    }
}

internal sealed class ConcatV2 : OpDefinition
{
    public override string Name => "ConcatV2";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        if (inputs.Count == 0)
            throw new ArgumentException("ConcatV2 needs at least one input.", nameof(inputs));
        Shape first = inputs[0].Shape;
        int axis = first.Axis(attributes.Get<int>("axis"));
        int total = 0;
        foreach (TensorSpec input in inputs)
        {
            if (input.DType != inputs[0].DType || input.Shape.Rank != first.Rank || input.Shape[axis] < 0 != first[axis] < 0 ||
                !input.Shape.With(axis, 1).Equals(first.With(axis, 1)))
                throw Misfit($"tensors that differ in axis {axis} alone", inputs);
            total = checked(total + input.Shape[axis]);
        }

        return [new(inputs[0].DType, first.With(axis, total))];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        int axis = node.Inputs[0].Shape.Axis(node.Attributes.Get<int>("axis"));
        Tensor?[] results = new Tensor?[node.Inputs.Count];
        int begin = 0;
        for (int i = 0; i < results.Length; i++)
        {
            int size = node.Inputs[i].Shape[axis];
            if (node.Inputs[i].DType == DType.Float32)
                results[i] = Ops.Slice(gradients[0]!, axis, begin, size);
            begin += size;
        }

        return results;
    }
}

// A range of one axis; begin and size of the batched axis count in multiples of the batch, as its dimension does.
internal sealed class Slice : OpDefinition
{
    public override string Name => "Slice";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        Shape shape = inputs[0].Shape;
        int axis = shape.Axis(attributes.Get<int>("axis")), begin = attributes.Get<int>("begin"), size = attributes.Get<int>("size");
        int dim = shape[axis], sign = Math.Sign(dim);
        if (size * sign <= 0 || begin * sign < 0 || Math.Abs((long)begin) + Math.Abs((long)size) > Math.Abs(dim))
            throw Misfit($"axis {axis} to hold the range of {size} from {begin}", inputs);
        return [new(inputs[0].DType, shape.With(axis, size))];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        Shape shape = node.Inputs[0].Shape;
        int axis = shape.Axis(node.Attributes.Get<int>("axis"));
        int begin = node.Attributes.Get<int>("begin"), size = node.Attributes.Get<int>("size");
        return [Ops.Pad(gradients[0]!, axis, begin, shape[axis] - begin - size)];
    }
}

// Zeros before and after, along one axis.
internal sealed class Pad : OpDefinition
{
    public override string Name => "Pad";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        Shape shape = inputs[0].Shape;
        int axis = shape.Axis(attributes.Get<int>("axis")), before = attributes.Get<int>("before"), after = attributes.Get<int>("after");
        int dim = shape[axis], sign = Math.Sign(dim);
        if (before * sign < 0 || after * sign < 0 || inputs[0].DType != DType.Float32)
            throw Misfit("Float32 and paddings of at least 0", inputs);
        return [new(DType.Float32, shape.With(axis, checked(dim + before + after)))];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        Shape shape = node.Inputs[0].Shape;
        int axis = shape.Axis(node.Attributes.Get<int>("axis"));
        return [Ops.Slice(gradients[0]!, axis, node.Attributes.Get<int>("before"), shape[axis])];
    }
}

// The first input stretched to the shape of the second.
internal sealed class BroadcastLike : OpDefinition
{
    public override string Name => "BroadcastLike";

    public override bool IsShapeOnly(int index) => index == 1;

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 2);
        if (inputs[0].DType != DType.Float32 || Shape.Broadcast(inputs[0].Shape, inputs[1].Shape) is not { } shape || !shape.Equals(inputs[1].Shape))
            throw Misfit("the first to broadcast to the second", inputs);
        return [new(inputs[0].DType, shape)];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients) => [Ops.ReduceLike(gradients[0]!, node.Inputs[0]), null];
}

// Rows of a table: (table [rows, ...], ids) to [ids..., ...].
internal sealed class GatherV2 : OpDefinition
{
    public override string Name => "GatherV2";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 2);
        Shape table = inputs[0].Shape, ids = inputs[1].Shape;
        if (inputs[0].DType != DType.Float32 || inputs[1].DType != DType.Int32 || table.Rank < 1 || table.IsBatched)
            throw Misfit("a table of Float32 and ids of Int32", inputs);
        return [new(DType.Float32, new Shape([.. ids.Dims, .. table.Dims[1..]]))];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients) =>
        [Ops.UnsortedSegmentSum(gradients[0]!, node.Inputs[1], node.Inputs[0].Shape[0]), null];
}

// (data [ids..., ...], ids) to [segments, ...]: each row of data added to the row that its id names.
internal sealed class UnsortedSegmentSum : OpDefinition
{
    public override string Name => "UnsortedSegmentSum";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 2);
        Shape data = inputs[0].Shape, ids = inputs[1].Shape;
        if (inputs[0].DType != DType.Float32 || inputs[1].DType != DType.Int32 || data.Rank < ids.Rank || !data.Dims[..ids.Rank].SequenceEqual(ids.Dims))
            throw Misfit("data of Float32 whose first axes are those of the Int32 ids", inputs);
        return [new(DType.Float32, new Shape([attributes.Get<int>("num_segments"), .. data.Dims[ids.Rank..]]))];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients) => [Ops.Gather(gradients[0]!, node.Inputs[1]), null];
}

// ids to [ids..., depth]: on_value where the position is the id, off_value elsewhere; an id outside [0, depth) gives a row of off_value.
internal sealed class OneHot : OpDefinition
{
    public override string Name => "OneHot";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        attributes.Get<float>("on_value");
        attributes.Get<float>("off_value");
        return inputs[0].DType == DType.Int32
            ? [new(DType.Float32, new Shape([.. inputs[0].Shape.Dims, attributes.Get<int>("depth")]))]
            : throw Misfit("Int32", inputs);
    }
}

// The same elements where a batched first axis is taken to be of a fixed length, or the other way round; a run with another batch fails.
internal sealed class EnsureShape : OpDefinition
{
    public override string Name => "EnsureShape";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        Shape from = inputs[0].Shape, to = attributes.Get<Shape>("shape");
        if (from.Rank == 0 || to.Rank != from.Rank || from.IsBatched == to.IsBatched || !from.With(0, 1).Equals(to.With(0, 1)))
            throw Misfit($"a shape that differs from {to} in that one of the two has a batched first axis", inputs);
        return [new(inputs[0].DType, to)];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients) => [Ops.EnsureShape(gradients[0]!, node.Inputs[0].Shape)];
}
