using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Onnx.Emitters;

/// <summary>Products of matrices, sums, and normalisations over an axis.</summary>
internal static class Products
{
    [Operation("MatMul")]
    public static OnnxValue MatMul(OnnxEmission e, Node node)
    {
        OnnxValue a = e.Input(node, 0), b = e.Input(node, 1);
        bool transposeB = node.Attributes.Get<bool>("transpose_b");
        if (transposeB && b.IsConstant)
            (b, transposeB) = (e.Graph.Transpose(b, 1, 0), false);
        return e.Graph.Add(
            "Gemm", OnnxType.Float, node.Outputs[0].Shape, [a, b], ("transA", node.Attributes.Get<bool>("transpose_a") ? 1 : 0), ("transB", transposeB ? 1 : 0));
    }

    [Operation("BatchMatMulV2")]
    public static OnnxValue BatchMatMul(OnnxEmission e, Node node)
    {
        return e.Graph.Add("MatMul", OnnxType.Float, node.Outputs[0].Shape, [Turned(0, "adj_x"), Turned(1, "adj_y")]);

        OnnxValue Turned(int index, string attribute)
        {
            OnnxValue x = e.Input(node, index);
            int rank = x.Shape.Rank;
            return node.Attributes.Get<bool>(attribute) ? e.Graph.Transpose(x, [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]) : x;
        }
    }

    [Operation("Sum")]
    public static OnnxValue Sum(OnnxEmission e, Node node) => Reduce(e, node, "ReduceSum");

    [Operation("Mean")]
    public static OnnxValue Mean(OnnxEmission e, Node node) => Reduce(e, node, "ReduceMean");

    [Operation("Max")]
    public static OnnxValue Max(OnnxEmission e, Node node) => Reduce(e, node, "ReduceMax");

    [Operation("ArgMax")]
    public static OnnxValue ArgMax(OnnxEmission e, Node node)
    {
        int axis = node.Inputs[0].Shape.Axis(node.Attributes.Get<int>("axis"));
        return e.Graph.Cast(e.Graph.Add("ArgMax", OnnxType.Int64, node.Outputs[0].Shape, [e.Input(node, 0)], ("axis", axis), ("keepdims", 0)), OnnxType.Int32);
    }

    [Operation("Softmax")]
    [Operation("LogSoftmax")]
    public static OnnxValue Softmax(OnnxEmission e, Node node) =>
        e.Graph.Add(node.Op.Name, OnnxType.Float, node.Outputs[0].Shape, [e.Input(node, 0)], ("axis", node.Inputs[0].Shape.Rank - 1));

    [Operation("LayerNorm")]
    public static OnnxValue LayerNormalization(OnnxEmission e, Node node) => e.Graph.Add(
        "LayerNormalization", OnnxType.Float, node.Outputs[0].Shape, node.Inputs.Select(e.Get), ("axis", -1), ("epsilon", node.Attributes.Get<float>("epsilon")));

    private static OnnxValue Reduce(OnnxEmission e, Node node, string op)
    {
        int[] axes = [.. node.Attributes.Get<int[]>("axes").Select(node.Inputs[0].Shape.Axis).Order()];
        return e.Graph.Add(op, OnnxType.Float, node.Outputs[0].Shape, [e.Input(node, 0)], ("axes", axes), ("keepdims", node.Attributes.Get<bool>("keep_dims") ? 1 : 0));
    }
}
