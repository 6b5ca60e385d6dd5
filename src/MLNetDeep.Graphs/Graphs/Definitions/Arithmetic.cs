namespace MLNetDeep.Graphs.Definitions;

internal abstract class Unary : ElementwiseOp
{
    public sealed override int Arity => 1;

    protected override Tensor?[] Derivative(Node node, Tensor gradient) => [Derivative(node.Inputs[0], node.Outputs[0], gradient, node.Attributes)];

    protected abstract Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes);
}

internal abstract class Binary : ElementwiseOp
{
    public sealed override int Arity => 2;

    protected override Tensor?[] Derivative(Node node, Tensor gradient)
    {
        (Tensor? da, Tensor? db) = Derivative(node.Inputs[0], node.Inputs[1], node.Outputs[0], gradient, node.Attributes);
        return [da, db];
    }

    protected abstract (Tensor? A, Tensor? B) Derivative(Tensor a, Tensor b, Tensor y, Tensor dy, Attributes attributes);
}

internal sealed class AddV2 : Binary
{
    public override string Name => "AddV2";

    protected override (Tensor?, Tensor?) Derivative(Tensor a, Tensor b, Tensor y, Tensor dy, Attributes attributes) => (dy, dy);
}

internal sealed class Sub : Binary
{
    public override string Name => "Sub";

    protected override (Tensor?, Tensor?) Derivative(Tensor a, Tensor b, Tensor y, Tensor dy, Attributes attributes) => (dy, -dy);
}

internal sealed class Mul : Binary
{
    public override string Name => "Mul";

    protected override (Tensor?, Tensor?) Derivative(Tensor a, Tensor b, Tensor y, Tensor dy, Attributes attributes) => (dy * b, dy * a);
}

internal sealed class RealDiv : Binary
{
    public override string Name => "RealDiv";

    protected override (Tensor?, Tensor?) Derivative(Tensor a, Tensor b, Tensor y, Tensor dy, Attributes attributes) => (dy / b, -(dy * y / b));
}

// At a tie the first input takes the whole gradient, as in TensorFlow.
internal sealed class Maximum : Binary
{
    public override string Name => "Maximum";

    protected override (Tensor?, Tensor?) Derivative(Tensor a, Tensor b, Tensor y, Tensor dy, Attributes attributes)
    {
        Tensor first = Ops.GreaterEqual(a, b), zero = Ops.Like(dy, 0);
        return (Ops.Select(first, dy, zero), Ops.Select(first, zero, dy));
    }
}

internal sealed class Minimum : Binary
{
    public override string Name => "Minimum";

    protected override (Tensor?, Tensor?) Derivative(Tensor a, Tensor b, Tensor y, Tensor dy, Attributes attributes)
    {
        Tensor first = Ops.LessEqual(a, b), zero = Ops.Like(dy, 0);
        return (Ops.Select(first, dy, zero), Ops.Select(first, zero, dy));
    }
}

internal sealed class Neg : Unary
{
    public override string Name => "Neg";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => -dy;
}

internal sealed class Abs : Unary
{
    public override string Name => "Abs";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => dy * Ops.Sign(x);
}

internal sealed class Sign : Unary
{
    public override string Name => "Sign";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => null;
}

internal sealed class Square : Unary
{
    public override string Name => "Square";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => dy * (x * 2f);
}

internal sealed class Sqrt : Unary
{
    public override string Name => "Sqrt";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => dy * 0.5f / y;
}

internal sealed class Rsqrt : Unary
{
    public override string Name => "Rsqrt";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => dy * (y * y * y) * -0.5f;
}

internal sealed class Reciprocal : Unary
{
    public override string Name => "Reciprocal";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => -(dy * Ops.Square(y));
}

internal sealed class Exp : Unary
{
    public override string Name => "Exp";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => dy * y;
}

internal sealed class Expm1 : Unary
{
    public override string Name => "Expm1";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => dy * (y + 1f);
}

internal sealed class Log : Unary
{
    public override string Name => "Log";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => dy / x;
}

internal sealed class Log1p : Unary
{
    public override string Name => "Log1p";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => dy / (x + 1f);
}

internal sealed class Erf : Unary
{
    public override string Name => "Erf";

    // 2 / sqrt(pi) * exp(-x²)
    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) =>
        dy * Ops.Exp(-Ops.Square(x)) * 1.12837917f;
}
