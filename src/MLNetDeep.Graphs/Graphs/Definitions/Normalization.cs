namespace MLNetDeep.Graphs.Definitions;

// Both normalisations see their input as a matrix: rows by channels, the channels in the last axis.
internal abstract class NormalizationOp : OpDefinition
{
    protected void RequireChannels(IReadOnlyList<TensorSpec> inputs, int x, params ReadOnlySpan<int> vectors)
    {
        Shape shape = inputs[x].Shape;
        if (shape.Rank < 2 || shape[^1] < 0)
            throw Misfit("a tensor with rows and a last axis of channels", inputs);
        Shape channels = new(shape[^1]);
        foreach (int v in vectors)
        {
            if (!inputs[v].Shape.Equals(channels))
                throw Misfit($"input {v} to have shape {channels}", inputs);
        }
    }

    protected static int[] AllButLast(Tensor x) => [.. Enumerable.Range(0, x.Shape.Rank - 1)];

    protected static Tensor Centered(Tensor x, int[] axes) => x - Ops.Mean(x, axes, keepDims: true);
}

// Batch normalisation while training (Ioffe and Szegedy 2015): (x, gamma, beta) to y, the batch's mean and its biased variance by channel.
internal sealed class BatchNorm : NormalizationOp
{
    public override string Name => "BatchNorm";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 3);
        RequireChannels(inputs, 0, 1, 2);
        attributes.Get<float>("epsilon");
        return [inputs[0], inputs[1], inputs[1]];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        if (gradients[1] is not null || gradients[2] is not null)
            return base.Gradient(node, gradients);
        return Ops.Many("BatchNormGrad", [gradients[0]!, node.Inputs[0], node.Inputs[1], node.Outputs[1], node.Outputs[2]], node.Attributes);
    }

    public override Tensor[] Expand(Node node)
    {
        Tensor x = node.Inputs[0];
        int[] axes = AllButLast(x);
        Tensor centered = Centered(x, axes);
        Tensor variance = Ops.Mean(Ops.Square(centered), axes);
        Tensor y = centered * Ops.Rsqrt(variance + node.Attributes.Get<float>("epsilon")) * node.Inputs[1] + node.Inputs[2];
        return [y, Ops.Mean(x, axes), variance];
    }
}

// (dy, x, gamma, mean, variance) to dx, dgamma, dbeta.
internal sealed class BatchNormGrad : NormalizationOp
{
    public override string Name => "BatchNormGrad";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 5);
        RequireChannels(inputs, 0, 2, 3, 4);
        attributes.Get<float>("epsilon");
        return inputs[0] == inputs[1] ? [inputs[1], inputs[2], inputs[2]] : throw Misfit("the gradient to have the input's shape", inputs);
    }

    public override Tensor[] Expand(Node node)
    {
        // Mean and variance are written out again as functions of x: the second derivative needs their dependence on it.
        Tensor dy = node.Inputs[0], x = node.Inputs[1];
        int[] axes = AllButLast(x);
        Tensor centered = Centered(x, axes);
        Tensor scale = Ops.Rsqrt(Ops.Mean(Ops.Square(centered), axes) + node.Attributes.Get<float>("epsilon"));
        Tensor xhat = centered * scale;
        Tensor dx = node.Inputs[2] * scale * (dy - Ops.Mean(dy, axes) - xhat * Ops.Mean(dy * xhat, axes));
        return [dx, Ops.Sum(dy * xhat, axes), Ops.Sum(dy, axes)];
    }
}

// Layer normalisation over the last axis (Ba, Kiros and Hinton 2016): (x, gamma, beta) to y and, by row, mean and 1 / standard deviation.
internal sealed class LayerNorm : NormalizationOp
{
    public override string Name => "LayerNorm";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 3);
        RequireChannels(inputs, 0, 1, 2);
        attributes.Get<float>("epsilon");
        TensorSpec rows = new(DType.Float32, inputs[0].Shape.With(inputs[0].Shape.Rank - 1, 1));
        return [inputs[0], rows, rows];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        if (gradients[1] is not null || gradients[2] is not null)
            return base.Gradient(node, gradients);
        return Ops.Many("LayerNormGrad", [gradients[0]!, node.Inputs[0], node.Inputs[1], node.Outputs[1], node.Outputs[2]], node.Attributes);
    }

    public override Tensor[] Expand(Node node)
    {
        Tensor x = node.Inputs[0];
        Tensor centered = Centered(x, [-1]);
        Tensor scale = Ops.Rsqrt(Ops.Mean(Ops.Square(centered), [-1], keepDims: true) + node.Attributes.Get<float>("epsilon"));
        return [centered * scale * node.Inputs[1] + node.Inputs[2], Ops.Mean(x, [-1], keepDims: true), scale];
    }
}

// (dy, x, gamma, mean, 1 / standard deviation) to dx, dgamma, dbeta.
internal sealed class LayerNormGrad : NormalizationOp
{
    public override string Name => "LayerNormGrad";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 5);
        RequireChannels(inputs, 0, 2);
        attributes.Get<float>("epsilon");
        return inputs[0] == inputs[1] ? [inputs[1], inputs[2], inputs[2]] : throw Misfit("the gradient to have the input's shape", inputs);
    }

    public override Tensor[] Expand(Node node)
    {
        Tensor dy = node.Inputs[0], x = node.Inputs[1], gamma = node.Inputs[2];
        Tensor centered = Centered(x, [-1]);
        Tensor scale = Ops.Rsqrt(Ops.Mean(Ops.Square(centered), [-1], keepDims: true) + node.Attributes.Get<float>("epsilon"));
        Tensor xhat = centered * scale, g = dy * gamma;
        Tensor dx = scale * (g - Ops.Mean(g, [-1], keepDims: true) - xhat * Ops.Mean(g * xhat, [-1], keepDims: true));
        int[] axes = AllButLast(x);
        return [dx, Ops.Sum(dy * xhat, axes), Ops.Sum(dy, axes)];
    }
}
