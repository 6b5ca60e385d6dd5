using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;

namespace MLNetDeep.Exporting.TensorFlow.Emitters;

/// <summary>Operations on each element, with NumPy's broadcasting.</summary>
internal static class Elementwise
{
    [Operation("AddV2"), Operation("Sub"), Operation("Mul"), Operation("RealDiv"), Operation("Maximum"), Operation("Minimum")]
    [Operation("Neg"), Operation("Abs"), Operation("Sign"), Operation("Square"), Operation("Sqrt"), Operation("Rsqrt"), Operation("Reciprocal")]
    [Operation("Exp"), Operation("Expm1"), Operation("Log"), Operation("Log1p"), Operation("Erf")]
    [Operation("Relu"), Operation("Selu"), Operation("Sigmoid"), Operation("Tanh"), Operation("Softplus")]
    [Operation("Greater"), Operation("GreaterEqual"), Operation("Less"), Operation("LessEqual")]
    public static Value[] Same(Emission e) => e.Direct();

    [Operation("Equal"), Operation("NotEqual")]
    public static Value[] Equality(Emission e) => e.Direct(("incompatible_shape_error", true));

    [Operation("LogicalAnd"), Operation("LogicalOr")]
    public static Value[] Logic(Emission e) => [e.Op(e.Node.Op.Name, Emission.Bool, [e.In(0), e.In(1)])];

    [Operation("LogicalNot")]
    public static Value[] Not(Emission e) => [e.Op("LogicalNot", Emission.Bool, [e.In(0)])];

    [Operation("SelectV2")]
    public static Value[] Select(Emission e) => [e.Select(e.In(0), e.In(1), e.In(2))];

    [Operation("Cast")]
    public static Value[] Cast(Emission e) => [e.Cast(e.In(0), Emission.Float)];

    // TensorFlow's gradients of activations take tensors of one shape, and its alphas are bounded; what goes beyond is written out.
    [Operation("ReluGrad")]
    public static Value[] ReluGrad(Emission e) => SameShapes(e) ? e.Direct() : [e.Select(Positive(e, e.In(1)), e.In(0), e.Number(0f))];

    [Operation("SeluGrad")]
    public static Value[] SeluGrad(Emission e)
    {
        if (SameShapes(e))
            return e.Direct();
        Value dy = e.In(0), y = e.In(1);
        Value negative = e.Arithmetic("Mul", dy, e.Arithmetic("AddV2", y, e.Number(Selu.Scale * Selu.Alpha)));
        return [e.Select(Positive(e, y), e.Arithmetic("Mul", dy, e.Number(Selu.Scale)), negative)];
    }

    [Operation("SigmoidGrad")]
    public static Value[] SigmoidGrad(Emission e)
    {
        Value y = e.In(0), dy = e.In(1);
        return SameShapes(e) ? e.Direct() : [e.Arithmetic("Mul", dy, e.Arithmetic("Mul", y, e.Arithmetic("Sub", e.Number(1f), y)))];
    }

    [Operation("TanhGrad")]
    public static Value[] TanhGrad(Emission e)
    {
        Value y = e.In(0), dy = e.In(1);
        return SameShapes(e) ? e.Direct() : [e.Arithmetic("Mul", dy, e.Arithmetic("Sub", e.Number(1f), e.Arithmetic("Square", y)))];
    }

    [Operation("LeakyRelu")]
    public static Value[] LeakyRelu(Emission e)
    {
        float alpha = e.Attributes.Get<float>("alpha");
        Value x = e.In(0);
        return alpha is >= 0 and <= 1 ? e.Direct(("alpha", alpha)) : [e.Select(Positive(e, x), x, e.Arithmetic("Mul", x, e.Number(alpha)))];
    }

    [Operation("LeakyReluGrad")]
    public static Value[] LeakyReluGrad(Emission e)
    {
        float alpha = e.Attributes.Get<float>("alpha");
        Value dy = e.In(0);
        return SameShapes(e) && alpha is >= 0 and <= 1
            ? e.Direct(("alpha", alpha))
            : [e.Select(Positive(e, e.In(1)), dy, e.Arithmetic("Mul", dy, e.Number(alpha)))];
    }

    // TensorFlow's has no alpha: it is 1.
    [Operation("Elu")]
    public static Value[] Elu(Emission e)
    {
        float alpha = e.Attributes.Get<float>("alpha");
        Value x = e.In(0);
        return alpha == 1 ? e.Direct() : [e.Select(Positive(e, x), x, e.Arithmetic("Mul", e.Arithmetic("Expm1", x), e.Number(alpha)))];
    }

    [Operation("EluGrad")]
    public static Value[] EluGrad(Emission e)
    {
        float alpha = e.Attributes.Get<float>("alpha");
        Value dy = e.In(0), y = e.In(1);
        return SameShapes(e) && alpha == 1
            ? e.Direct()
            : [e.Select(Positive(e, y), dy, e.Arithmetic("Mul", dy, e.Arithmetic("AddV2", y, e.Number(alpha))))];
    }

    private static bool SameShapes(Emission e) => e.InShape(0).Equals(e.InShape(1));

    private static Value Positive(Emission e, Value value) => e.Compare("Greater", value, e.Number(0f));
}
