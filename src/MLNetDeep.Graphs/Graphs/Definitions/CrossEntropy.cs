namespace MLNetDeep.Graphs.Definitions;

// Over the last axis.
internal sealed class Softmax : OpDefinition
{
    public override string Name => "Softmax";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        return inputs[0].DType == DType.Float32 && inputs[0].Shape.Rank > 0 ? [inputs[0]] : throw Misfit("Float32 with a last axis", inputs);
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients) => [Ops.SoftmaxGrad(node.Outputs[0], gradients[0]!)];
}

// (y, dy): y * (dy - sum(dy * y)).
internal sealed class SoftmaxGrad : OpDefinition
{
    public override string Name => "SoftmaxGrad";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 2);
        return inputs[0] == inputs[1] ? [inputs[0]] : throw Misfit("two tensors of one shape", inputs);
    }

    public override Tensor[] Expand(Node node)
    {
        Tensor y = node.Inputs[0], dy = node.Inputs[1];
        return [y * (dy - Ops.Sum(y * dy, [-1], keepDims: true))];
    }
}

internal sealed class LogSoftmax : OpDefinition
{
    public override string Name => "LogSoftmax";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        return inputs[0].DType == DType.Float32 && inputs[0].Shape.Rank > 0 ? [inputs[0]] : throw Misfit("Float32 with a last axis", inputs);
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients) =>
        [gradients[0]! - Ops.Exp(node.Outputs[0]) * Ops.Sum(gradients[0]!, [-1], keepDims: true)];
}

// (logits [rows, classes], labels [rows]) to the loss of each row and its derivative with respect to the logits.
internal sealed class SparseSoftmaxCrossEntropyWithLogits : OpDefinition
{
    public override string Name => "SparseSoftmaxCrossEntropyWithLogits";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 2);
        Shape logits = inputs[0].Shape, labels = inputs[1].Shape;
        if (inputs[0].DType != DType.Float32 || inputs[1].DType != DType.Int32 || logits.Rank != 2 || labels.Rank != 1 || logits[0] != labels[0])
            throw Misfit("logits [rows, classes] of Float32 and labels [rows] of Int32", inputs);
        return [new(DType.Float32, labels), inputs[0]];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        Tensor? dx = null;
        Tensor backprop = node.Outputs[1];
        if (gradients[0] is { } dLoss)
            dx = Ops.Reshape(dLoss, new Shape(dLoss.Shape[0], 1)) * backprop;
        if (gradients[1] is { } dBackprop)
        {
            // The derivative of softmax(logits) - onehot(labels).
            Tensor second = Ops.SoftmaxGrad(Ops.Softmax(node.Inputs[0]), dBackprop);
            dx = dx is null ? second : dx + second;
        }

        return [dx, null];
    }
}
