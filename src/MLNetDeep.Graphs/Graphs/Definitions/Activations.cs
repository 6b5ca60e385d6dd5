namespace MLNetDeep.Graphs.Definitions;

// Each activation has its gradient as an operation of its own, as in TensorFlow, so that it is one pass over memory
// and so that the gradient can be differentiated again.
internal sealed class Relu : Unary
{
    public override string Name => "Relu";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => Ops.Elementwise("ReluGrad", [dy, y]);
}

// (dy, y): dy where y > 0.
internal sealed class ReluGrad : Binary
{
    public override string Name => "ReluGrad";

    protected override (Tensor?, Tensor?) Derivative(Tensor a, Tensor b, Tensor y, Tensor dy, Attributes attributes) =>
        (Ops.Elementwise("ReluGrad", [dy, b]), null);
}

internal sealed class LeakyRelu : Unary
{
    public override string Name => "LeakyRelu";

    public override IReadOnlyList<string> Parameters => ["alpha"];

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => Ops.Elementwise("LeakyReluGrad", [dy, x], attributes);
}

// (dy, x): dy where x > 0, alpha * dy elsewhere.
internal sealed class LeakyReluGrad : Binary
{
    public override string Name => "LeakyReluGrad";

    public override IReadOnlyList<string> Parameters => ["alpha"];

    protected override (Tensor?, Tensor?) Derivative(Tensor a, Tensor b, Tensor y, Tensor dy, Attributes attributes) =>
        (Ops.Elementwise("LeakyReluGrad", [dy, b], attributes), null);
}

// x where x > 0, alpha * (exp(x) - 1) elsewhere.
internal sealed class Elu : Unary
{
    public override string Name => "Elu";

    public override IReadOnlyList<string> Parameters => ["alpha"];

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => Ops.Elementwise("EluGrad", [dy, y], attributes);
}

// (dy, y): dy where y > 0, dy * (y + alpha) elsewhere.
internal sealed class EluGrad : Binary
{
    public override string Name => "EluGrad";

    public override IReadOnlyList<string> Parameters => ["alpha"];

    protected override (Tensor?, Tensor?) Derivative(Tensor a, Tensor b, Tensor y, Tensor dy, Attributes attributes) =>
        (Ops.Elementwise("EluGrad", [dy, b], attributes), Ops.Select(Ops.Greater(b, Ops.Like(b, 0)), Ops.Like(dy, 0), dy * a));
}

internal sealed class Selu : Unary
{
    public const float Scale = 1.05070098f, Alpha = 1.67326324f;

    public override string Name => "Selu";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => Ops.Elementwise("SeluGrad", [dy, y]);
}

// (dy, y): dy * scale where y > 0, dy * (y + scale * alpha) elsewhere.
internal sealed class SeluGrad : Binary
{
    public override string Name => "SeluGrad";

    protected override (Tensor?, Tensor?) Derivative(Tensor a, Tensor b, Tensor y, Tensor dy, Attributes attributes) =>
        (Ops.Elementwise("SeluGrad", [dy, b]), Ops.Select(Ops.Greater(b, Ops.Like(b, 0)), Ops.Like(dy, 0), dy * a));
}

internal sealed class Sigmoid : Unary
{
    public override string Name => "Sigmoid";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => Ops.Elementwise("SigmoidGrad", [y, dy]);
}

// (y, dy): dy * y * (1 - y).
internal sealed class SigmoidGrad : Binary
{
    public override string Name => "SigmoidGrad";

    protected override (Tensor?, Tensor?) Derivative(Tensor a, Tensor b, Tensor y, Tensor dy, Attributes attributes) =>
        (dy * b * (1f - a * 2f), Ops.Elementwise("SigmoidGrad", [a, dy]));
}

internal sealed class Tanh : Unary
{
    public override string Name => "Tanh";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => Ops.Elementwise("TanhGrad", [y, dy]);
}

// (y, dy): dy * (1 - y²).
internal sealed class TanhGrad : Binary
{
    public override string Name => "TanhGrad";

    protected override (Tensor?, Tensor?) Derivative(Tensor a, Tensor b, Tensor y, Tensor dy, Attributes attributes) =>
        (dy * b * a * -2f, Ops.Elementwise("TanhGrad", [a, dy]));
}

internal sealed class Softplus : Unary
{
    public override string Name => "Softplus";

    protected override Tensor? Derivative(Tensor x, Tensor y, Tensor dy, Attributes attributes) => dy * Ops.Sigmoid(x);
}
