namespace MLNetDeep.Graphs.Definitions;

internal sealed class Placeholder : OpDefinition
{
    public override string Name => "Placeholder";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 0);
        return [new(attributes.Get<DType>("dtype"), attributes.Get<Shape>("shape"))];
    }
}

internal sealed class Const : OpDefinition
{
    public override string Name => "Const";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 0);
        Shape shape = attributes.Get<Shape>("shape");
        int length = attributes["value"].Value switch
        {
            float[] floats => floats.Length,
            int[] ints => ints.Length,
            var other => throw new ArgumentException($"Const: value is a {other.GetType().Name}, expected numbers.", nameof(attributes)),
        };
        if (shape.IsBatched || shape.UnitSize != length)
            throw new ArgumentException($"Const: {length} values do not fill shape {shape}.", nameof(attributes));
        return [new(attributes["value"].Value is int[] ? DType.Int32 : DType.Float32, shape)];
    }
}

// Added through Graph.Variable, which knows the initializer.
internal sealed class VariableOp : OpDefinition
{
    public override string Name => "Variable";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 0);
        return [new(attributes.Get<DType>("dtype"), attributes.Get<Shape>("shape"))];
    }
}

internal sealed class Assign : OpDefinition
{
    public override string Name => "Assign";

    public override bool HasSideEffect => true;

    // Which variable it is, not its value.
    public override bool IsShapeOnly(int index) => index == 0;

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 2);
        return inputs[0] == inputs[1] ? [] : throw Misfit("a variable and a value of its type and shape", inputs);
    }
}

internal sealed class Identity : OpDefinition
{
    public override string Name => "Identity";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        return [inputs[0]];
    }

    public override Tensor?[] Gradient(Node node, Tensor?[] gradients) => gradients;
}

internal sealed class StopGradient : OpDefinition
{
    public override string Name => "StopGradient";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        return [inputs[0]];
    }
}

// The number of elements of the input along some axes, as a number: what turns a sum into a mean.
internal sealed class ElementCount : OpDefinition
{
    public override string Name => "ElementCount";

    public override bool IsShapeOnly(int index) => true;

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 1);
        foreach (int axis in attributes.Get<int[]>("axes"))
            inputs[0].Shape.Axis(axis);
        return [new(DType.Float32, Shape.Scalar)];
    }
}
