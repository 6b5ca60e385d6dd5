namespace MLNetDeep.Graphs.Definitions;

// Pools over height and width of images [batch, height, width, channels]. Attributes: ksize and strides [height, width], pads [top, bottom, left, right].
// Cells of the padding count neither for the maximum nor for the average, as TensorFlow's SAME.
internal abstract class PoolingOp : OpDefinition
{
    protected Shape Output(Shape x, Attributes attributes, IReadOnlyList<TensorSpec> inputs)
    {
        if (x.Rank == 4 && x.BatchAxis <= 0 && inputs.All(i => i.DType == DType.Float32) && attributes.Get<int[]>("ksize") is [> 0 and var height, > 0 and var width])
        {
            Window window = Window.Of(attributes, height, width);
            int rows = window.Height.Positions(x[1]), columns = window.Width.Positions(x[2]);
            if (rows > 0 && columns > 0 && HasCells(window.Height) && HasCells(window.Width))
                return new Shape(x[0], rows, columns, x[3]);
        }

        throw Misfit($"images (batch, height, width, channels) that a window fits into, never over padding alone, with {string.Join(", ", attributes.Select(a => $"{a.Key} {a.Value}"))}", inputs);
    }

    private static bool HasCells(WindowAxis axis) => axis.Before < axis.Kernel && axis.After < axis.Kernel;
}

internal sealed class MaxPool : PoolingOp
{
    public override string Name => "MaxPool";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        return [new(DType.Float32, Output(inputs[0].Shape, attributes, inputs))];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients) =>
        [Ops.Elementwise("MaxPoolGrad", [node.Inputs[0], node.Outputs[0], gradients[0]!], node.Attributes)];
}

// (x, y, dy) to dx: of equal maxima of a window the first, row by row, takes the gradient.
internal sealed class MaxPoolGrad : PoolingOp
{
    public override string Name => "MaxPoolGrad";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 3);
        Shape y = Output(inputs[0].Shape, attributes, inputs);
        return inputs[1].Shape.Equals(y) && inputs[2].Shape.Equals(y) ? [inputs[0]] : throw Misfit($"an output and its gradient of shape {y}", inputs);
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients) =>
        [null, null, Ops.Elementwise("MaxPoolGradGrad", [node.Inputs[0], node.Inputs[1], gradients[0]!], node.Attributes)];
}

// (x, y, dx) to dy: from each window the element of dx where x has its maximum.
internal sealed class MaxPoolGradGrad : PoolingOp
{
    public override string Name => "MaxPoolGradGrad";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 3);
        Shape y = Output(inputs[0].Shape, attributes, inputs);
        return inputs[1].Shape.Equals(y) && inputs[2] == inputs[0] ? [inputs[1]] : throw Misfit($"an output of shape {y} and a tensor of the input's shape", inputs);
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients) =>
        [null, null, Ops.Elementwise("MaxPoolGrad", [node.Inputs[0], node.Inputs[1], gradients[0]!], node.Attributes)];
}

internal sealed class AvgPool : PoolingOp
{
    public override string Name => "AvgPool";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        return [new(DType.Float32, Output(inputs[0].Shape, attributes, inputs))];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        Shape x = node.Inputs[0].Shape;
        return [Ops.Elementwise("AvgPoolGrad", [gradients[0]!], new([.. node.Attributes.Select(a => (a.Key, a.Value)), ("input_sizes", (int[])[x[1], x[2]])]))];
    }
}

// (dy) to dx; attribute input_sizes: height and width of dx.
internal sealed class AvgPoolGrad : PoolingOp
{
    public override string Name => "AvgPoolGrad";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        Shape dy = inputs[0].Shape;
        if (dy.Rank != 4 || attributes.Get<int[]>("input_sizes") is not [> 0 and var height, > 0 and var width])
            throw Misfit("the gradient of a pool's output and the input's sizes", inputs);
        Shape x = new(dy[0], height, width, dy[3]), y = Output(x, attributes, inputs);
        return y.Equals(dy) ? [new(DType.Float32, x)] : throw Misfit($"a gradient of shape {y}", inputs);
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients) =>
        [Ops.Elementwise("AvgPool", [gradients[0]!], new([.. node.Attributes.Where(a => a.Key != "input_sizes").Select(a => (a.Key, a.Value))]))];
}
