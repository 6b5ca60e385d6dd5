namespace MLNetDeep.Graphs.Definitions;

internal abstract class Comparison : ElementwiseOp
{
    public sealed override int Arity => 2;

    protected override DType Result(IReadOnlyList<TensorSpec> inputs)
    {
        base.Result(inputs);
        return DType.Bool;
    }
}

internal sealed class Greater : Comparison
{
    public override string Name => "Greater";
}

internal sealed class GreaterEqual : Comparison
{
    public override string Name => "GreaterEqual";
}

internal sealed class Less : Comparison
{
    public override string Name => "Less";
}

internal sealed class LessEqual : Comparison
{
    public override string Name => "LessEqual";
}

internal sealed class Equal : Comparison
{
    public override string Name => "Equal";
}

internal sealed class NotEqual : Comparison
{
    public override string Name => "NotEqual";
}

internal sealed class LogicalAnd : ElementwiseOp
{
    public override string Name => "LogicalAnd";

    public override int Arity => 2;

    protected override DType Result(IReadOnlyList<TensorSpec> inputs) =>
        inputs.All(i => i.DType == DType.Bool) ? DType.Bool : throw Misfit("Bool", inputs);
}

internal sealed class LogicalOr : ElementwiseOp
{
    public override string Name => "LogicalOr";

    public override int Arity => 2;

    protected override DType Result(IReadOnlyList<TensorSpec> inputs) =>
        inputs.All(i => i.DType == DType.Bool) ? DType.Bool : throw Misfit("Bool", inputs);
}

internal sealed class LogicalNot : ElementwiseOp
{
    public override string Name => "LogicalNot";

    public override int Arity => 1;

    protected override DType Result(IReadOnlyList<TensorSpec> inputs) =>
        inputs[0].DType == DType.Bool ? DType.Bool : throw Misfit("Bool", inputs);
}

internal sealed class SelectV2 : ElementwiseOp
{
    public override string Name => "SelectV2";

    public override int Arity => 3;

    protected override DType Result(IReadOnlyList<TensorSpec> inputs) =>
        inputs[0].DType == DType.Bool && inputs[1].DType == DType.Float32 && inputs[2].DType == DType.Float32
            ? DType.Float32
            : throw Misfit("a Bool and two Float32", inputs);

    protected override Tensor?[] Derivative(Node node, Tensor gradient)
    {
        Tensor zero = Ops.Like(gradient, 0);
        return [null, Ops.Select(node.Inputs[0], gradient, zero), Ops.Select(node.Inputs[0], zero, gradient)];
    }
}

// To Float32: truth becomes 1 or 0, an integer the nearest number.
internal sealed class Cast : ElementwiseOp
{
    public override string Name => "Cast";

    public override int Arity => 1;

    protected override DType Result(IReadOnlyList<TensorSpec> inputs) => DType.Float32;

    protected override Tensor?[] Derivative(Node node, Tensor gradient) => [node.Inputs[0].DType == DType.Float32 ? gradient : null];
}
