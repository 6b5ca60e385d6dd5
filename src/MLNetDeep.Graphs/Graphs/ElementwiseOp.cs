namespace MLNetDeep.Graphs;

/// <summary>
/// An operation whose output element depends on one element of each input, with NumPy's broadcasting.
/// Engines may fuse chains of them into one pass.
/// </summary>
public abstract class ElementwiseOp : OpDefinition
{
    /// <summary>Number of inputs.</summary>
    public abstract int Arity { get; }

    /// <summary>Names of the number attributes, in the order in which a kernel takes them after the inputs.</summary>
    public virtual IReadOnlyList<string> Parameters => [];

    /// <summary>Element type of the output, for inputs of these types.</summary>
    /// <exception cref="ArgumentException">The operation does not take these types.</exception>
    protected virtual DType Result(IReadOnlyList<TensorSpec> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return inputs.All(i => i.DType == DType.Float32) ? DType.Float32 : throw Misfit("Float32", inputs);
    }

    /// <inheritdoc/>
    public sealed override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, Arity);
        ArgumentNullException.ThrowIfNull(attributes);
        foreach (string parameter in Parameters)
            attributes.Get<float>(parameter);
        Shape? shape = inputs[0].Shape;
        for (int i = 1; i < inputs.Count && shape is not null; i++)
            shape = Shape.Broadcast(shape, inputs[i].Shape);
        return [new(Result(inputs), shape ?? throw Misfit("shapes that broadcast to one another", inputs))];
    }

    /// <inheritdoc/>
    public sealed override Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients[0] is not { } gradient || node.Outputs[0].DType != DType.Float32)
            return new Tensor?[node.Inputs.Count];
        Tensor?[] results = Derivative(node, gradient);
        for (int i = 0; i < results.Length; i++)
        {
            if (results[i] is { } result)
                results[i] = Ops.ReduceLike(result, node.Inputs[i]);
        }

        return results;
    }

    /// <summary>The gradient for each input, or null for none, before broadcasting is undone; null by default.</summary>
    protected virtual Tensor?[] Derivative(Node node, Tensor gradient) => new Tensor?[Arity];
}
