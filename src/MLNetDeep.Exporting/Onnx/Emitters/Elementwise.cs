using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Onnx.Emitters;

/// <summary>Operations by element.</summary>
internal static class Elementwise
{
    [Operation("AddV2")]
    public static OnnxValue Add(OnnxEmission e, Node node) => Binary(e, node, "Add");

    [Operation("Sub")]
    public static OnnxValue Subtract(OnnxEmission e, Node node) => Binary(e, node, "Sub");

    [Operation("Mul")]
    public static OnnxValue Multiply(OnnxEmission e, Node node) => Binary(e, node, "Mul");

    [Operation("RealDiv")]
    public static OnnxValue Divide(OnnxEmission e, Node node) => Binary(e, node, "Div");

    [Operation("Maximum")]
    public static OnnxValue Maximum(OnnxEmission e, Node node) => Binary(e, node, "Max");

    [Operation("Minimum")]
    public static OnnxValue Minimum(OnnxEmission e, Node node) => Binary(e, node, "Min");

    // Of the same name in both.
    [Operation("Neg")]
    [Operation("Abs")]
    [Operation("Sign")]
    [Operation("Sqrt")]
    [Operation("Reciprocal")]
    [Operation("Exp")]
    [Operation("Log")]
    [Operation("Erf")]
    [Operation("Relu")]
    [Operation("Sigmoid")]
    [Operation("Tanh")]
    [Operation("Softplus")]
    public static OnnxValue Unary(OnnxEmission e, Node node) => e.Graph.Unary(node.Op.Name, e.Input(node, 0));

    [Operation("LeakyRelu")]
    [Operation("Elu")]
    public static OnnxValue WithSlope(OnnxEmission e, Node node) => e.Graph.Unary(node.Op.Name, e.Input(node, 0), ("alpha", node.Attributes.Get<float>("alpha")));

    [Operation("Selu")]
    public static OnnxValue Selu(OnnxEmission e, Node node) => e.Graph.Unary("Selu", e.Input(node, 0), ("alpha", 1.67326324f), ("gamma", 1.05070098f));

    [Operation("Square")]
    public static OnnxValue Square(OnnxEmission e, Node node) => e.Graph.Binary("Mul", e.Input(node, 0), e.Input(node, 0));

    [Operation("Rsqrt")]
    public static OnnxValue Rsqrt(OnnxEmission e, Node node) => e.Graph.Unary("Reciprocal", e.Graph.Unary("Sqrt", e.Input(node, 0)));

    // Near 0 without the last digits that the operations of their own keep.
    [Operation("Expm1")]
    public static OnnxValue Expm1(OnnxEmission e, Node node) => e.Graph.Binary("Sub", e.Graph.Unary("Exp", e.Input(node, 0)), e.Graph.Constant(1));

    [Operation("Log1p")]
    public static OnnxValue Log1p(OnnxEmission e, Node node) => e.Graph.Unary("Log", e.Graph.Binary("Add", e.Input(node, 0), e.Graph.Constant(1)));

    [Operation("Greater")]
    [Operation("Less")]
    [Operation("Equal")]
    public static OnnxValue Compare(OnnxEmission e, Node node) => Binary(e, node, node.Op.Name);

    [Operation("GreaterEqual")]
    public static OnnxValue GreaterOrEqual(OnnxEmission e, Node node) => Binary(e, node, "GreaterOrEqual");

    [Operation("LessEqual")]
    public static OnnxValue LessOrEqual(OnnxEmission e, Node node) => Binary(e, node, "LessOrEqual");

    [Operation("NotEqual")]
    public static OnnxValue NotEqual(OnnxEmission e, Node node) => e.Graph.Unary("Not", Binary(e, node, "Equal"));

    [Operation("LogicalAnd")]
    public static OnnxValue And(OnnxEmission e, Node node) => Binary(e, node, "And");

    [Operation("LogicalOr")]
    public static OnnxValue Or(OnnxEmission e, Node node) => Binary(e, node, "Or");

    [Operation("LogicalNot")]
    public static OnnxValue Not(OnnxEmission e, Node node) => e.Graph.Unary("Not", e.Input(node, 0));

    [Operation("SelectV2")]
    public static OnnxValue Select(OnnxEmission e, Node node) => e.Graph.Add("Where", OnnxType.Float, node.Outputs[0].Shape, node.Inputs.Select(e.Get));

    [Operation("Cast")]
    public static OnnxValue Cast(OnnxEmission e, Node node) => e.Graph.Cast(e.Input(node, 0), OnnxType.Float);

    [Operation("Identity")]
    [Operation("StopGradient")]
    [Operation("EnsureShape")]
    public static OnnxValue Same(OnnxEmission e, Node node) => e.Input(node, 0);

    private static OnnxValue Binary(OnnxEmission e, Node node, string op) =>
        e.Graph.Binary(op, e.Input(node, 0), e.Input(node, 1), node.Outputs[0].DType == DType.Bool ? OnnxType.Bool : OnnxType.Float);
}
