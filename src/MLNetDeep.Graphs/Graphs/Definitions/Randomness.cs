namespace MLNetDeep.Graphs.Definitions;

// Random numbers are a function of (seed, step, position) alone - Philox4x32-10 - so a run repeats whatever the number of threads.
// Inputs: a tensor that gives the shape, and the step as an Int32 number.
internal abstract class RandomOp : OpDefinition
{
    public sealed override bool IsShapeOnly(int index) => index == 0;

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        RequireInputs(inputs, 2);
        attributes.Get<int>("seed");
        if (inputs[1] != new TensorSpec(DType.Int32, Shape.Scalar))
            throw Misfit("the step to be an Int32 number", inputs);
        return [new(DType.Float32, inputs[0].Shape)];
    }
}

// Uniform in [0, 1).
internal sealed class StatelessRandomUniform : RandomOp
{
    public override string Name => "StatelessRandomUniform";
}

// Standard normal.
internal sealed class StatelessRandomNormal : RandomOp
{
    public override string Name => "StatelessRandomNormal";
}

// 0 with probability rate, else 1 / (1 - rate).
internal sealed class DropoutMask : RandomOp
{
    public override string Name => "DropoutMask";

    public override TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes)
    {
        if (attributes.Get<float>("rate") is not (>= 0 and < 1))
            throw new ArgumentException($"DropoutMask: rate is {attributes["rate"]}, expected at least 0 and less than 1.", nameof(attributes));
        return base.Infer(inputs, attributes);
    }
}
